"""Writers at the same time: one order, no gap, no fork."""

import threading

import pytest
from django.db import connection, transaction

from fobwatch.audit import jobs
from fobwatch.audit.models import Entry, log_size
from tests.audit.deeds import BY, NOW, do, undone

WRITERS, EACH = 6, 15


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_never_fork_the_log():
    failures: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def write(who: int) -> None:
        try:
            start.wait(10)
            for n in range(EACH):
                if n % 5 == 4:
                    with pytest.raises(RuntimeError):
                        undone(f"undone:{who}-{n}")
                do(thing=f"thing:{who}-{n}", by=BY, now=NOW)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert [*Entry.objects.order_by("seq").values_list("seq", flat=True)] == list(range(WRITERS * EACH))
    assert not Entry.objects.filter(object__startswith="undone").exists()
    assert log_size() == WRITERS * EACH
    assert jobs.verify_log().intact
    assert jobs.checkpoint(NOW).size == WRITERS * EACH


@pytest.mark.django_db(transaction=True)
def test_the_log_is_empty_again_and_still_guarded_after_a_test_that_commits():
    assert not Entry.objects.exists()
    do(thing="thing:1", by=BY, now=NOW)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Entry.objects.update(actor="x")
