#!/usr/bin/env python3
"""Django's command line. It works as the application role; only `migrate` works as the owner."""

import os
import sys

OWNER_COMMANDS = {"migrate"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    if OWNER_COMMANDS & set(sys.argv[1:2]):
        os.environ.setdefault("WEKEZA_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
