"""``python -m gongkai_eval eval``: the evaluation where the package's entry point is not installed."""

from __future__ import annotations

import argparse
import sys

from gongkai_eval.runner import register

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="gongkai_eval")
    register(parser.add_subparsers(required=True))
    options = parser.parse_args()
    sys.exit(options.run(options))
