"""Parts computed by a cluster of processes (Dask distributed); only this process writes.

Workers need no disk in common: a part travels as the bytes of its files. A part whose worker dies
is computed by another one. So that results never pile up, no more than a few parts per worker are
under way at a time. What a part computes is not known here.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from alliancesim.compilation import cache_folder, is_compiled
from alliancesim.experiment.execution import Produce
from alliancesim.experiment.parts import Part, Plan, compute
from alliancesim.scenario.extras import installing
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.version import __version__

if TYPE_CHECKING:
    from distributed import Client, Future

PARTS_PER_THREAD = 2
"""Parts under way per thread of a worker: one that is computed and one that waits its turn."""

MOST_LOSSES = 5
"""How often Dask may give up a part, each time after several dead workers, before we do."""

_PATIENCE = 1.0

_one_at_a_time = threading.Lock()


def locally(workers: int, threads: int | None = None) -> Produce:
    """Return what computes parts in a cluster of processes on this machine.

    Args:
        workers: number of processes.
        threads: number of threads of each; 1 if left out.

    Raises:
        InputError: if Dask distributed is not installed.
    """
    check_installed("--workers")

    def produce(plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        left = list(numbers)
        if left and not is_compiled():
            # Compiled once here rather than in every worker at the same time.
            yield compute(plan, left.pop(0))
        if left:
            with local_client(min(workers, len(left))) as client:
                yield from on_client(client, threads, "--workers")(plan, left)

    return produce


@contextlib.contextmanager
def remotely(
    address: str, threads: int | None = None, say: Callable[[str], None] | None = None
) -> Iterator[Produce]:
    """Yield what computes parts on the workers of a running scheduler.

    Args:
        address: of the scheduler, such as ``tcp://192.0.2.7:8786``.
        threads: number of threads of each part; 1 if left out.
        say: called with what the user may want to know.

    Raises:
        InputError: if Dask distributed is not installed, no scheduler answers, or a worker has
            another version of the program.
    """
    check_installed("--scheduler")
    with remote_client(address) as client:
        check_versions(client)
        if say and not client.nthreads():
            say(f"No worker has joined {address} yet; waiting for the first one.")
        yield on_client(client, threads)


def on_client(client: Client, threads: int | None = None, option: str = "--scheduler") -> Produce:
    """Return what computes parts on the workers of a client, wherever they come from.

    Args:
        client: of the cluster.
        threads: number of threads of each part; 1 if left out.
        option: by which the user asked for a cluster, for messages.
    """

    def produce(plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        return computed(client, plan, numbers, threads or 1, option)

    return produce


def check_installed(option: str) -> None:
    """Refuse an option that needs Dask distributed where it is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        expected = f"Dask distributed to be installed ({installing('cluster')})"
        raise InputError([Problem(option, "", "", expected)]) from None
    for name in ("distributed", "distributed.client"):
        # Dask logs what it recovers from; what it does not, we say ourselves.
        logging.getLogger(name).setLevel(logging.CRITICAL)


@contextlib.contextmanager
def local_client(workers: int) -> Iterator[Client]:
    """Yield a client of a new cluster of processes that hears nothing but this machine."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            worker_dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
            preload=[__name__],
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextlib.contextmanager
def remote_client(address: str) -> Iterator[Client]:
    """Yield a client of a running scheduler.

    Raises:
        InputError: if none answers at the address.
    """
    import distributed
    from distributed.comm import get_address_host_port

    try:
        get_address_host_port(address)
        client = distributed.Client(address, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        expected = f"the address of a running Dask scheduler ({_first_line(error)})"
        raise InputError([Problem("--scheduler", "", address, expected)]) from None
    with client:
        yield client


def check_versions(client: Client) -> None:
    """Refuse workers that have another version of the program, or none.

    Raises:
        InputError: naming each of them.
    """
    here = version()
    found = client.run(version, on_error="return")
    problems = [
        Problem(address, "", _first_line(theirs), f"{here}, as here")
        for address, theirs in sorted(found.items())
        if theirs != here
    ]
    if problems:
        raise InputError(problems)


def version() -> str:
    """Return the version of this process's program and of its law."""
    return f"alliancesim {__version__}, law {cache_folder().name}"


def computed(
    client: Client, plan: Plan, numbers: Sequence[int], threads: int, option: str
) -> Generator[Part, None, None]:
    """Yield parts as workers finish them.

    Args:
        client: of the cluster.
        plan: the experiment.
        numbers: of the parts.
        threads: number of threads of each part.
        option: by which the user asked for a cluster, for messages.

    Yields:
        Each part once, in any order.

    Raises:
        InputError: if the scheduler is lost, if a worker has another version, or if a part has
            taken its workers with it time and again.
    """
    waiting, losses = deque(numbers), Counter[int]()
    flying: dict[Future, int] = {}
    # Not scattered: what is scattered is gone with its workers, a result is made again.
    sent = client.submit(_itself, plan, pure=False)
    room, counted = 0, -_PATIENCE
    while waiting or flying:
        with _scheduler_lost_in_words(option):
            if time.monotonic() - counted >= _PATIENCE:
                threads_there = sum(client.nthreads().values())
                room, counted = PARTS_PER_THREAD * max(1, threads_there), time.monotonic()
            while waiting and len(flying) < room:
                number = waiting.popleft()
                future = client.submit(_compute, sent, number, threads, version(), pure=False)
                flying[future] = number
            landed = [(future, _result(future)) for future in _landed(client, flying)]
        for future, part in landed:
            number = flying.pop(future)
            if part is None:
                losses[number] += 1
                _check_losses(number, losses[number], option)
                waiting.appendleft(number)
            else:
                yield part


def _itself(plan: Plan) -> Plan:
    """Return an experiment, on the worker that hands it on to the others."""
    return plan


def _compute(plan: Plan, number: int, threads: int, wanted: str) -> Part | str:
    """Compute a part on a worker; return the worker's version instead if it is another one."""
    here = version()
    if here != wanted:
        return here
    # Some of numba's thread pools do not stand two callers at once.
    with _one_at_a_time:
        return compute(plan, number, threads)


def _landed(client: Client, flying: dict[Future, int]) -> list[Future]:
    """Return the futures that have ended, after a while at most."""
    import distributed

    waited = contextlib.suppress(TimeoutError, distributed.CancelledError)
    with waited, client.as_current():
        distributed.wait(list(flying), timeout=_PATIENCE, return_when="FIRST_COMPLETED")
    return [future for future in flying if future.status != "pending"]


def _result(future: Future) -> Part | None:
    """Return what a future has come to, or None if it was lost with its workers.

    Raises:
        InputError: if a worker has another version, or none.
    """
    import distributed

    found: object
    try:
        found = future.result()
    except (distributed.CancelledError, distributed.KilledWorker):
        return None
    except ImportError as error:
        found = error
    if isinstance(found, Part):
        return found
    raise InputError([Problem("a worker", "", _first_line(found), f"{version()}, as here")])


def _check_losses(number: int, times: int, option: str) -> None:
    """Give up a part that has been lost too often."""
    if times < MOST_LOSSES:
        return
    expected = (
        f"workers that live through part {number}; all that computed it have died (too little "
        "memory?). What is written is whole, and --resume goes on from it"
    )
    raise InputError([Problem(option, "", "", expected)])


@contextlib.contextmanager
def _scheduler_lost_in_words(option: str) -> Iterator[None]:
    """Turn the loss of the scheduler into words."""
    try:
        yield
    except OSError as error:
        expected = (
            f"a scheduler that goes on running ({_first_line(error)}); "
            "what is written is whole, and --resume goes on from it"
        )
        raise InputError([Problem(option, "", "", expected)]) from None


def dask_setup(_worker: object) -> None:
    """Make a worker of ours leave Ctrl-C to this process, which then ends it.

    Dask calls this in each new worker, because :func:`local_client` names this module to it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _first_line(found: object) -> str:
    """Return the first line of a message."""
    return (str(found).splitlines() or [type(found).__name__])[0]
