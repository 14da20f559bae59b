"""Telling others that a Report is ready, has changed or is gone."""
