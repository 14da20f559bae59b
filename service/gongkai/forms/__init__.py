"""The statutory forms as data (one TOML each, read by :mod:`gongkai.forms.definitions`), and the recogniser of printed tables."""
