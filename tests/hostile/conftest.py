"""Thousands of refused requests need no line in the log each."""

import logging

import pytest


@pytest.fixture(autouse=True)
def quiet():
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security", "axes")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
