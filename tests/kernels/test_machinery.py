"""Compiling, caching and sharing work: what every kernel relies on."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy
import pytest

import mxnet as mx
from mxnet import kernels
from mxnet.kernels import blas, threads

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

PROGRAM = """
import numpy
from mxnet import autograd, kernels, np
x = np.ones((300, 64))
x.attach_grad()
index = numpy.arange(600) % 300
with autograd.record():
    y = (x[index] * np.ones((600, 64))).sum()
y.backward()
print(x.grad.sum().item(), *{k for k in __import__("sys").modules if k == "numba"})
"""


def run(program, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@kernels.kernel
def doubled(start, stop, x, out):
    for i in range(start, stop):
        out[i] = 2 * x[i]


def shared(n=1001, cost=10**9):
    x, out = numpy.arange(float(n)), numpy.zeros(n)
    kernels.split(doubled, n, cost, x, out)
    numpy.testing.assert_array_equal(out, 2 * x)


@pytest.fixture
def threads_restored():
    before = mx.util.get_num_threads()
    yield
    mx.util.set_num_threads(before)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_split_covers_the_range(count, threads_restored):
    mx.util.set_num_threads(count)
    assert mx.util.get_num_threads() == count
    for n in (0, 1, 2, 5, 1001):
        shared(n)
        shared(n, cost=0)


@pytest.mark.parametrize("changing", [False, True])
def test_any_number_of_user_threads(changing, threads_restored):
    mx.util.set_num_threads(3)
    errors = []

    def work():
        try:
            for i in range(50):
                shared()
                if changing:
                    threads.set_num_threads(1 + i % 4)
        except BaseException as error:
            errors.append(error)

    users = [threading.Thread(target=work) for _ in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert not errors


def test_an_error_in_a_part_reaches_the_caller(threads_restored):
    mx.util.set_num_threads(2)

    def fails(start, stop):
        if start > 0:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kernels.split(fails, 10, 10**9)
    shared()


def test_work_within_work_is_done_by_whoever_is_free(threads_restored):
    mx.util.set_num_threads(2)
    kernels.split(lambda start, stop: shared(), 2, 10**9)
    shared()


def test_a_task_is_done_once_by_either_side(threads_restored):
    mx.util.set_num_threads(2)
    done = []
    for i in range(200):
        kernels.split(lambda start, stop, i: done.append((i, start)), 2, 10**9, i)
    assert sorted(done) == [(i, start) for i in range(200) for start in (0, 1)]


def test_threads_sleep_and_wake(threads_restored):
    mx.util.set_num_threads(2)
    shared()
    worker = threads._workers[0]
    for _ in range(10**8):  # far more than it takes
        if worker._asleep:
            break
    assert worker._asleep
    shared()
    assert worker.free.acquire(blocking=False)
    worker.free.release()


def test_nothing_is_kept_alive(threads_restored):
    mx.util.set_num_threads(2)
    x, out = numpy.arange(1000.0), numpy.zeros(1000)
    kept = weakref.ref(x)
    kernels.split(doubled, 1000, 10**9, x, out)
    del x
    for _ in range(10):
        shared()  # once the thread has got so far, it has let go
    assert kept() is None


def test_threads_that_cannot_offer_their_processor_sleep_at_once():
    program = f"import os\nos.__dict__.pop('sched_yield', None)\n{PROGRAM}\nprint(kernels.threads._LOOKS)"
    assert run(program, OMP_NUM_THREADS="3") == ["38400.0", "numba", "0"]


def test_the_process_ends_while_threads_look_out():
    program = (
        PROGRAM
        + """
kernels.set_num_threads(3)
kernels.split(lambda start, stop: None, 3, 10**9)
"""
    )
    assert run(program) == ["38400.0", "numba"]


def test_without_just_in_time_compilation_the_plain_definitions_serve():
    assert run(PROGRAM, NUMBA_DISABLE_JIT="1") == ["38400.0"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own(threads_restored):
    mx.util.set_num_threads(2)
    shared()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        code = 1
        try:
            shared()
            code = 0 if threads._workers else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


FORKED = """
import os, signal
from mxnet import np, npx
x = np.ones((1000, 1000))
npx.softmax(npx.relu(x))
child = os.fork()
if child == 0:
    signal.alarm(60)
    npx.softmax(x)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_forked_after_the_first_kernel():
    for _ in range(3):
        assert run("import warnings; warnings.simplefilter('ignore')" + FORKED, OMP_NUM_THREADS="2") == ["0"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer on this system")
def test_after_an_interrupt_no_thread_writes_any_more(threads_restored):
    mx.util.set_num_threads(2)
    begun, go_on, out = threading.Event(), threading.Event(), []

    def part(start, stop):
        if start == 0:
            begun.wait()
            signal.raise_signal(signal.SIGINT)
        else:
            begun.set()
            go_on.wait()
            out.append(stop)

    threading.Timer(0.05, go_on.set).start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            kernels.split(part, 2, 10**9)
    finally:
        signal.signal(signal.SIGINT, before)
    assert out == [2]
    shared()


def test_threads_see_the_context_of_the_caller(threads_restored):
    mx.util.set_num_threads(2)
    seen = []
    with numpy.errstate(over="raise"):
        for _ in range(20):
            kernels.split(lambda start, stop: seen.append(numpy.geterr()["over"]), 2, 10**9)
    assert set(seen) == {"raise"}


def test_where_no_thread_starts_the_caller_works_alone(monkeypatch, threads_restored):
    def refuses(self):
        raise RuntimeError("can't start new thread")

    mx.util.set_num_threads(2)
    monkeypatch.setattr(threads, "_workers", [])
    monkeypatch.setattr(threads._Worker, "start", refuses)
    shared()
    assert threads._workers == []


@pytest.mark.parametrize("number", [0, -1, 2.5, True, "2"])
def test_set_num_threads_refuses(number):
    with pytest.raises(ValueError, match="positive integer"):
        mx.util.set_num_threads(number)


def test_omp_num_threads_is_heeded():
    program = "import mxnet; print(mxnet.util.get_num_threads())"
    assert run(program, OMP_NUM_THREADS="3") == ["3"]
    assert run(program, OMP_NUM_THREADS="nonsense") == run(program, OMP_NUM_THREADS="")


def test_set_num_threads_limits_blas_too(threads_restored):
    from threadpoolctl import threadpool_info

    mx.util.set_num_threads(1)
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


def test_kernels_can_be_switched_off():
    assert run(PROGRAM, MXNET_KERNELS="0") == ["38400.0"]
    assert run(PROGRAM) == ["38400.0", "numba"]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"not what it was", None], ids=["emptied", "overwritten", "cut in half"])
def test_a_damaged_cache_is_rebuilt(tmp_path, damage):
    program = PROGRAM + "\nfrom mxnet import npx; npx.softmax(npx.sigmoid(np.ones((4096, 64))))"  # kernels that call others
    assert run(program, NUMBA_CACHE_DIR=str(tmp_path)) == ["38400.0", "numba"]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".nbi", ".nbc"}
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert run(program, NUMBA_CACHE_DIR=str(tmp_path)) == ["38400.0", "numba"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="where the user's cache lies depends on the system")
def test_kernels_of_a_read_only_package_are_cached_for_the_user(tmp_path):
    package = tmp_path / "read-only" / "mxnet"
    shutil.copytree(Path(mx.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "kernels" / "__pycache__").write_text("no folder can be made here")
    cache = tmp_path / "cache"
    assert run(PROGRAM, PYTHONPATH=str(package.parent), XDG_CACHE_HOME=str(cache)) == ["38400.0", "numba"]
    assert list(cache.rglob("*.nbc"))


@pytest.mark.slow
def test_kernels_are_compiled_anew_when_functions_in_them_change(tmp_path):
    package = tmp_path / "mxnet"
    shutil.copytree(Path(mx.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    program = "import numpy; from mxnet import npx, np; print(npx.sigmoid(np.zeros(10000)).max().item())"
    places = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    assert run(program, **places) == ["0.5"]
    source = package / "kernels" / "elementary.py"
    text = source.read_text()
    assert text.count("return y - y * (e / (_f(1) + e))") == 1
    source.write_text(text.replace("return y - y * (e / (_f(1) + e))", "return y + y"))
    assert run(program, **places) == ["2.0"]


HEEDED = """
import ctypes
from pathlib import Path
x = numpy.ones((500, 500), "float32")
assert (x @ x == 500).all()
for path in Path(numpy.__file__).parents[1].glob("numpy.libs/lib*openblas*"):
    print(getattr(ctypes.CDLL(str(path)), "openblas_thread_timeout", lambda: 20)())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of NumPy's wheels for Linux")
@pytest.mark.parametrize("imports", ["import mxnet, numpy", "import numpy, mxnet"])
def test_threads_of_blas_do_not_spin_long(imports):
    assert set(run(f"{imports}\n{HEEDED}", OMP_NUM_THREADS="2")) <= {"20"}


def test_blas_is_left_alone_while_other_threads_may_compute():
    def computes():
        begun.set()
        while not done:
            pass

    begun, done = threading.Event(), []
    thread = threading.Thread(target=computes)
    thread.start()
    begun.wait()
    try:
        assert not blas._alone()
    finally:
        done.append(True)
        thread.join()
