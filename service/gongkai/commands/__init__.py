"""Commands of the terminal that stand in modules of their own: each has ``register(commands)``."""
