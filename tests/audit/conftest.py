from tests.audit.flush import tests_may_empty_the_log

__all__ = ["tests_may_empty_the_log"]
