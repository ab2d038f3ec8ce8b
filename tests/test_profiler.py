"""The profiler: what it counts, what it leaves as it was, and the files it writes."""

import asyncio
import itertools
import json
import threading

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, gluon, np, npx, optimizer, profiler
from mxnet.core.operator import Operator, operator
from mxnet.numpy import exp as exp_imported_before
from mxnet.numpy_extension.published import operators
from mxnet.profiler import recording, reports

RULE = vars(Operator)["vjp"]
CODES = {function: (function.__code__, function.__kwdefaults__) for function in operators()}


def is_off():
    return vars(Operator)["vjp"] is RULE and all((f.__code__, f.__kwdefaults__) == old for f, old in CODES.items())


@pytest.fixture(autouse=True)
def fresh(tmp_path):
    """Nothing recorded before, nothing left behind."""
    profiler.set_config(filename=str(tmp_path / "profile.json"), profile_memory=True, profile_imperative=True, profile_all=False)
    forget()
    yield
    profiler.set_state("stop")
    forget()
    assert is_off()
    assert recording.recorder.thread().stack == []


def forget():
    recorder = recording.recorder
    recorder.clear_rows()
    recorder.clear_events()
    recorder.origin = None
    recorder.memory.__init__()


@pytest.fixture
def ticks(monkeypatch):
    """A clock that moves by 1 ms whenever it is read."""
    clock = itertools.count(0, 10**6).__next__
    monkeypatch.setattr(recording, "perf_counter_ns", clock)


def counts(category="operator"):
    report = json.loads(profiler.dumps(format="json"))
    return {name: row["Count"] for name, row in report["Time"].get(category, {}).items()}


def memory():
    report = json.loads(profiler.dumps(format="json"))
    return {name: 1000 * row["Total"] for name, row in report["Memory"].get("operator", {}).items()}


def alive():
    report = json.loads(profiler.dumps(format="json"))
    return {key: 1000 * value for key, value in report["Memory"]["results alive"]["cpu/0"].items()}


class profiled:
    """A `with` block while the profiler runs."""

    def __enter__(self):
        profiler.set_state("run")

    def __exit__(self, *exception):
        profiler.set_state("stop")


# --- what is counted --------------------------------------------------------------------------------------------------------------


def test_operators_methods_and_functions_are_counted_once_each():
    x = np.array([[1.0, 2.0]])
    with profiled():
        assert is_off() is False
        x * x, 2 * x, x.__mul__(3), np.multiply(x, x)
        np.exp(x), exp_imported_before(x), npx.relu(x), x.sum(), x @ x.T, numpy.sin(x)
        x[0], x.mean()
    assert is_off()
    x * x  # not seen
    assert counts() == {
        "multiply": 4,
        "exp": 2,
        "relu": 1,
        "sum": 1,
        "matmul": 1,
        "transpose": 1,
        "sin": 1,
        "getitem": 1,
        "mean": 1,
    }


def test_operands_that_take_the_long_way_count_once():
    x = np.ones(2)
    with profiled():
        np.exp([1, 2]), np.exp(numpy.ones(2)), x * numpy.ones(2), np.ones(2, dtype="int32") * x
        np.exp(x, where=np.array([True, False])), np.add(x, x, out=x)
        x += x
        x[0] = 3
    found = counts()
    assert (found["exp"], found["multiply"], found["add"], found["setitem"]) == (3, 2, 2, 1)


def test_creation_sampling_and_subspaces_have_names():
    with profiled():
        x = np.zeros((2, 2))
        np.random.normal(size=3)
        np.linalg.norm(x)
        np.fft.fft(x)
        npx.pad(x, "constant", (1, 1, 1, 1))
        np.pad(x, 1)
    assert {"zeros", "random.normal", "linalg.norm", "fft.fft", "npx.pad", "pad"} <= counts().keys()


def test_gradient_rules():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = np.exp(x * x) + np.sqrt(x)
    with profiled():
        y.backward()
    found = counts()
    assert found["autograd.backward"] == 1
    assert {name for name in found if name.startswith("backward of")} == {
        "backward of exp",
        "backward of multiply",
        "backward of sqrt",
        "backward of add",
    }


def test_several_results_and_custom_functions():
    class Cube(autograd.Function):
        def forward(self, x):
            self.save_for_backward(x)
            return x**3

        def backward(self, g):
            (x,) = self.saved_tensors
            return 3 * g * x * x

    x = np.array([1.0, 2.0])
    x.attach_grad()
    with profiled():
        with autograd.record():
            y = sum(part.sum() for part in np.split(Cube()(x), 2))
        y.backward()
    found = counts()
    assert (found["Cube"], found["backward of Cube"], found["power"]) == (1, 1, 1)
    assert x.grad.tolist() == [3, 12]


def test_blocks_have_rows_of_their_own():
    class Double(gluon.Block):
        def forward(self, x):
            return x * 2

    class Net(gluon.Block):
        def __init__(self):
            super().__init__()
            self.inner = Double()

        def forward(self, x):
            return self.inner(x) + self.inner(x)

    with profiled():
        Net()(np.ones(3))
    assert counts("block") == {"Net": 1, "Net.inner (Double)": 2}
    assert counts() == {"multiply": 2, "add": 1, "ones": 1}
    assert "Blocks\n" in profiler.dumps()


def test_updates_of_optimisers():
    weight, grad = np.ones(2), np.ones(2)
    update = optimizer.get_updater(optimizer.SGD(learning_rate=0.5))
    with profiled():
        update(0, grad, weight)
    assert counts()["update by SGD"] == 1
    assert weight.tolist() == [0.5, 0.5]


def test_numbers_and_higher_gradients_are_the_same():
    def third(x):
        x.attach_grad()
        with autograd.record():
            y = np.exp(np.sin(x)) * npx.softmax(x)
            for _ in range(3):
                y = autograd.grad(y.sum(), x, create_graph=True)
        return y.tolist()

    x = [0.1, 0.7, -2.0]
    expected = third(np.array(x, dtype="float64"))
    with profiled():
        assert third(np.array(x, dtype="float64")) == expected


def test_operators_made_meanwhile_work():
    with profiled():

        @operator(x=lambda g, x: 2 * g * x)
        def squared(x):
            return x * x

        x = np.array([3.0])
        x.attach_grad()
        with autograd.record():
            y = squared(x) * 1
        y.backward()
        assert x.grad.tolist() == [6]
    assert counts()["backward of squared"] == 1
    with autograd.record():
        y = squared(x)
    y.backward()
    assert x.grad.tolist() == [6]


def test_signatures_stay():
    with profiled():
        with pytest.raises(TypeError, match="argument"):
            np.exp()
        with pytest.raises(TypeError):
            np.multiply(np.ones(2), np.ones(2), wrong=3)
        assert np.add(x1=np.ones(1), x2=np.ones(1)).tolist() == [2]
        assert (np.ones(2).__add__("a")) is NotImplemented


# --- states -----------------------------------------------------------------------------------------------------------------------


def test_run_twice_and_stop_twice():
    x = np.ones(1)
    profiler.set_state("run")
    profiler.set_state("run")
    x * x
    profiler.set_state("stop")
    profiler.set_state("stop")
    assert is_off()
    assert counts() == {"multiply": 1}
    with profiled():
        x * x
    assert counts() == {"multiply": 2}  # sums go on
    profiler.dumps(reset=True)
    assert counts() == {}


def test_pause_and_resume():
    x = np.ones(1)
    profiler.resume()
    profiler.pause()  # nothing, while stopped
    assert is_off()
    with profiled():
        x * x
        profiler.pause()
        profiler.pause()
        assert is_off()
        x * x
        profiler.resume()
        profiler.resume()
        x * x
    assert counts() == {"multiply": 2}
    profiler.set_state("run")
    profiler.pause()
    profiler.set_state("stop")
    profiler.resume()
    assert is_off()


def test_exceptions_pass_and_do_not_count():
    x = np.ones(3)
    with profiled():
        with pytest.raises(ValueError, match="multiply"):
            x * np.ones(2)
        x * x
    assert counts() == {"multiply": 1, "ones": 1}
    profiler.dump()
    failed = [e for e in trace() if e.get("args", {}).get("failed")]
    assert [e["name"] for e in failed] == ["multiply"]


def test_stopping_inside_of_an_operator():
    class Stops(autograd.Function):
        def forward(self, x):
            profiler.set_state("stop")
            return x * 2

    with profiled():
        Stops()(np.ones(1))
    assert counts() == {"ones": 1, "Stops": 1}


def test_without_operators():
    profiler.set_config(profile_imperative=False)
    with profiled():
        assert is_off()
        with profiler.Event("e"):
            np.ones(1) * 2
    assert counts() == {}
    assert counts("event") == {"e": 1}
    profiler.set_config(profile_all=True)
    with profiled():
        np.ones(1)
    assert counts() == {"ones": 1}


# --- time -------------------------------------------------------------------------------------------------------------------------


def test_self_time_is_what_nested_calls_leave(ticks):
    profiler.set_config(profile_memory=False)

    class Outer(autograd.Function):
        def forward(self, x):
            return x * x + x

    x = np.ones(2)
    with profiled():
        Outer()(x)
        Outer()(x)
    rows = json.loads(profiler.dumps(format="json"))["Time"]["operator"]
    # A clock reading at every start and end: one tick for a call, and five from the start of Outer to its end.
    assert rows["multiply"] == {"Count": 2, "Total": 2.0, "Self": 2.0, "Min": 1.0, "Max": 1.0, "Avg": 1.0}
    assert rows["add"]["Total"] == 2.0
    assert rows["Outer"] == {"Count": 2, "Total": 10.0, "Self": 6.0, "Min": 5.0, "Max": 5.0, "Avg": 5.0}


def test_rows_of_several_threads_add_up():
    x = np.ones(2)

    def work():
        for _ in range(50):
            np.tanh(x)

    with profiled():
        threads = [threading.Thread(target=work, name=f"worker {i}") for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        np.tanh(x)
    assert counts() == {"tanh": 401}
    profiler.dump()
    events = [e for e in trace() if e["name"] == "tanh"]
    assert len(events) == 401
    names = {e["args"]["name"] for e in trace() if e["name"] == "thread_name"}
    assert {f"worker {i}" for i in range(8)} <= names
    profiler.dumps(reset=True)
    assert not any(t.thread in threads for t in recording.recorder.threads)  # ended, and nothing left of them


def test_switching_while_other_threads_compute():
    done = threading.Event()
    wrong = []

    def work():
        x = np.ones(3)
        x.attach_grad()
        while not done.is_set():
            with autograd.record():
                y = (2 * x).sum()
            y.backward()
            if x.grad.tolist() != [2, 2, 2]:
                wrong.append(x.grad.tolist())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(8):
            with profiled():
                profiler.pause()
                profiler.resume()
            profiler.dumps(reset=True)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []


# --- memory -----------------------------------------------------------------------------------------------------------------------


def test_memory_of_results():
    x = np.ones((10, 10))
    with profiled():
        y = x * x
        z = y + 1.0
        z[0], z.T, z.reshape(-1)  # views
        z += 1  # computes a result, then writes it
        np.exp(y, out=z)
        np.concatenate([x, x])
        x.astype("float64")
    assert memory() == {"multiply": 400, "add": 800, "concatenate": 800, "astype": 800}


def test_memory_of_rules_is_that_of_new_arrays():
    x = np.ones((10, 10))
    x.attach_grad()
    with autograd.record():
        y = np.exp(x) + x
    with profiled():
        y.backward()
    assert memory() == {"backward of exp": 400, "autograd.backward": 400}


def test_a_composite_has_the_memory_of_its_parts():
    images, weight = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    with profiled():
        npx.convolution(images, weight, no_bias=True)
    found = memory()
    assert found["convolution"] >= 16
    assert sum(found.values()) >= 32  # a part as well


def test_peak():
    x = np.ones(250)  # 1 kB
    with profiled():
        a = x * 2
        b = a * 2
        del a
        c = b * 2
        d = c.reshape(10, 25)
        del b, c
        assert alive() == {"Max": 2000, "Last": 1000}
        del d
        assert alive() == {"Max": 2000, "Last": 0}
        e = x * 2
        profiler.dumps(reset=True)
        assert alive() == {"Max": 1000, "Last": 1000}
    del e  # not followed any longer
    assert alive()["Last"] == 1000
    with profiled():
        assert alive()["Last"] == 0


def test_peak_when_changes_are_many(monkeypatch):
    monkeypatch.setattr(recording, "_MANY_CHANGES", 5)
    x = np.ones(250)
    with profiled():
        for _ in range(20):
            x * 2
        y = x * 3
    assert alive() == {"Max": 1000, "Last": 1000}
    assert len(recording.recorder.memory._changes) == 0
    del y


def test_without_memory():
    profiler.set_config(profile_memory=False)
    with profiled():
        y = np.ones(3)
    assert memory() == {}
    assert alive() == {"Max": 0, "Last": 0}
    del y


# --- scopes, tasks, counters ------------------------------------------------------------------------------------------------------


def test_scopes():
    with profiled(), profiler.scope("net") as outer:
        np.ones(25)
        with profiler.scope("layer:") as inner:
            np.ones(50)
        with profiler.scope("other", append_mode=False) as other:
            pass
    assert (outer, inner, other) == ("net:", "net:layer:", "other:")
    assert counts("scope") == {"net:": 1, "net:layer:": 1, "other:": 1}
    report = json.loads(profiler.dumps(format="json"))
    assert {name: row["Total"] for name, row in report["Memory"]["scope"].items()} == {"net:": 0.1, "net:layer:": 0.2}
    profiler.dump()
    assert [e["args"]["scope"] for e in trace() if e["name"] == "ones"] == ["net:", "net:layer:"]
    with profiler.scope() as unnamed:
        assert unnamed == "<unk>:"


def test_scope_is_left_by_an_exception_and_kept_apart_by_asyncio():
    with pytest.raises(KeyError), profiler.scope("a"):
        raise KeyError
    seen = []

    async def work(name):
        with profiler.scope(name) as scope:
            await asyncio.sleep(0)
            np.ones(1)
            seen.append((scope, recording.scope_name.get()))

    async def main():
        await asyncio.gather(work("a"), work("b"))

    with profiled():
        asyncio.run(main())
    assert seen == [("a:", "a:"), ("b:", "b:")]
    assert counts("scope") == {"a:": 1, "b:": 1}


def test_tasks_frames_and_events():
    domain = profiler.Domain("training")
    task, frame, event = domain.new_task("epoch"), domain.new_frame("step"), profiler.Event("reading")
    assert [str(mark) for mark in (domain, task, frame, event)] == ["training", "epoch", "step", "reading"]
    with task:
        pass  # the profiler does not run
    with profiled():
        for _ in range(2):
            task.start()
            frame.start()
            thread = threading.Thread(target=frame.stop)
            thread.start()
            thread.join()
            task.stop()
        with event:
            np.ones(1)
    assert counts("training") == {"epoch": 2, "step": 2}
    assert counts("event") == {"reading": 1}
    profiler.dump()
    begins, ends = ([e for e in trace() if e["ph"] == kind] for kind in "be")
    assert [e["name"] for e in begins] == ["step", "epoch", "step", "epoch"]
    assert [e["id"] for e in begins] == [e["id"] for e in ends]
    assert len({e["id"] for e in begins}) == 4
    assert all(b["ts"] <= e["ts"] for b, e in zip(begins, ends, strict=True))
    assert all(e["cat"] == "training" for e in begins)


def test_stop_without_start():
    task = profiler.Task(profiler.Domain("d"), "t")
    with pytest.raises(mx.MXNetError, match="Task 't' is stopped, but was not started"):
        task.stop()
    task.start()
    task.stop()
    with pytest.raises(mx.MXNetError):
        task.stop()


@pytest.mark.parametrize("kind", [profiler.Task, profiler.Frame, profiler.Counter, profiler.Marker])
def test_a_domain_is_a_domain(kind):
    with pytest.raises(TypeError, match=rf"the domain of a {kind.__name__} is a profiler\.Domain, not 'training'"):
        kind("training", "name")


def test_counters():
    domain = profiler.Domain("reading")
    counter = domain.new_counter("images", 5)
    with profiled():
        counter += 10
        counter -= 1
        counter.increment()
        counter.decrement(5)
        counter.set_value(2.5)
        other = profiler.Counter(domain, "files")
        other += 1
    assert (str(counter), counter.value, other.value) == ("images", 2.5, 1)
    report = json.loads(profiler.dumps(format="json"))["Counters"]
    assert report[0] == {"Domain": "reading", "Name": "images", "Count": 5, "Min": 2.5, "Max": 15, "Last": 2.5}
    assert "reading: images        5  2.5   15   2.5" in profiler.dumps()
    profiler.dump()
    samples = [e["args"]["images"] for e in trace() if e["ph"] == "C" and e["name"] == "images"]
    assert samples == [15, 14, 15, 10, 2.5]


def test_counters_lose_nothing_between_threads():
    counter = profiler.Domain("d").new_counter("n", 0)

    def work():
        for _ in range(200):
            counter.increment()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 800


def test_markers():
    marker = profiler.Domain("d").new_marker("here")
    with profiled():
        for scope in ("process", "thread", "global", "task", "marker"):
            marker.mark(scope)
        with pytest.raises(ValueError, match=r"scope is one of 'process', .*, not 'planet'"):
            marker.mark("planet")
    marker.mark()  # not running
    assert str(marker) == "here"
    profiler.dump()
    assert [(e["name"], e["s"]) for e in trace() if e["ph"] == "i"] == [("here", s) for s in "ptgpp"]


# --- reports ----------------------------------------------------------------------------------------------------------------------


def trace():
    with open(profiler._config["filename"], encoding="utf-8") as file:
        return json.load(file)["traceEvents"]


def test_table_is_aligned_and_sorted(ticks):
    x = np.ones(4)
    with profiled():
        np.exp(x), np.exp(x), x * x
        with profiler.scope("here"):
            x.sum()
    table = profiler.dumps()
    head, title, rule, *rows = table.split("\n\n")[0].splitlines()
    assert head == "Operators and gradient rules"
    assert title.split("  ")[0] == "Name"
    assert len({len(line) for line in (title, rule, *rows)}) == 1
    assert rows[0].split()[:2] == ["exp", "2"]

    def order(**how):
        return [line.split()[0] for line in profiler.dumps(**how).split("\n\n")[0].splitlines()[3:]]

    assert order(sort_by="count", ascending=True)[-1] == "exp"
    assert order(sort_by="memory")[0] == "exp"
    assert order(sort_by="memory", ascending=True)[0] == "sum"
    for key in ("total", "avg", "min", "max", "count", "self"):
        assert set(order(sort_by=key)) == {"exp", "multiply", "sum"}


def test_reports_of_nothing():
    assert profiler.dumps() == "The profiler has recorded nothing.\n"
    report = json.loads(profiler.dumps(format="json"))
    assert (report["Time"], report["Unit"]) == ({}, {"Time": "ms", "Memory": "kB"})


def test_trace_nests():
    x = np.ones((3, 3))
    x.attach_grad()
    with profiled():
        with profiler.scope("net"), autograd.record():
            y = npx.softmax(x).var()
        y.backward()
    profiler.dump()
    events = [e for e in trace() if e["ph"] == "X"]
    assert all(e["dur"] >= 0 and e["ts"] >= 0 and {"pid", "tid", "cat", "name"} <= e.keys() for e in events)
    for a, b in itertools.combinations(sorted(events, key=lambda e: (e["ts"], -e["dur"])), 2):
        apart = b["ts"] >= a["ts"] + a["dur"] - 1e-3
        inside = b["ts"] + b["dur"] <= a["ts"] + a["dur"] + 1e-3
        assert apart or inside
    assert {e["cat"] for e in events} == {"scope", "operator"}
    assert any(e["ph"] == "C" and e["name"] == "results alive" and e["args"]["bytes"] > 0 for e in trace())


def test_dump_finishes_or_goes_on():
    with pytest.raises(mx.MXNetError, match=r"has not run since the last dump\(\)"):
        profiler.dump()
    profiler.set_state("run")
    x = np.ones(1)
    profiler.dump(finished=False)
    x * x
    profiler.dump(finished=False)
    assert [e["name"] for e in trace() if e["ph"] == "X"] == ["ones", "multiply"]
    profiler.dump()
    assert is_off()
    with pytest.raises(mx.MXNetError, match=r"call set_state\('run'\) first"):
        profiler.dump()
    assert counts() == {"ones": 1, "multiply": 1}
    with profiled():
        np.exp(x)
    profiler.dump()
    assert [e["name"] for e in trace() if e["ph"] == "X"] == ["exp"]


def test_a_failed_write_leaves_the_old_file(monkeypatch, tmp_path):
    with profiled():
        np.ones(1)
    profiler.dump(finished=False)
    before = trace()
    monkeypatch.setattr(reports, "_trace", lambda recorder: iter([{}, {"name": object()}]))
    with pytest.raises(TypeError):
        profiler.dump()
    assert trace() == before
    assert [path.name for path in tmp_path.iterdir()] == ["profile.json"]
    profiler.set_config(filename=str(tmp_path / "missing" / "profile.json"))
    with pytest.raises(FileNotFoundError):
        profiler.dump()


def test_a_trace_has_an_end(monkeypatch):
    monkeypatch.setattr(recording, "MOST_EVENTS", 3)
    x = np.ones(2)
    with profiled():
        for _ in range(5):
            x * x
    profiler.dump()
    events = trace()
    assert sum(e["ph"] == "X" for e in events) == 3
    assert any(e["name"] == "2 later events are left out" for e in events)
    assert counts() == {"multiply": 5}


# --- errors, old names ------------------------------------------------------------------------------------------------------------


def test_errors_of_the_functions():
    with pytest.raises(TypeError, match="set_config: unknown option profile_nothing; known are filename, profile_all"):
        profiler.set_config(filename="x.json", profile_nothing=True)
    assert profiler._config["filename"] != "x.json"  # nothing half-done
    with pytest.raises(TypeError, match="set_config: filename is a string, not 3"):
        profiler.set_config(filename=3)
    with pytest.raises(TypeError, match="profile_memory is a boolean or number, not 'yes'"):
        profiler.set_config(profile_memory="yes")
    with pytest.raises(ValueError, match="the state is 'run' or 'stop', not 'start'"):
        profiler.set_state("start")
    with pytest.raises(ValueError, match="format is 'table' or 'json', not 'xml'"):
        profiler.dumps(format="xml")
    with pytest.raises(ValueError, match=r"sort_by is one of 'total', 'avg', .* not 'name'"):
        profiler.dumps(sort_by="name")
    for function in (profiler.pause, profiler.resume, profiler.dump, profiler.set_state, profiler.set_config):
        with pytest.raises(mx.MXNetError, match="there are no servers"):
            function(profile_process="server")
        with pytest.raises(ValueError, match="profile_process is 'worker', not 'nobody'"):
            function(profile_process="nobody")
    with pytest.raises(mx.MXNetError, match="no servers"):
        profiler.set_kvstore_handle(None)


def test_options_of_the_original_are_taken():
    profiler.set_config(
        profile_symbolic=True,
        profile_api=False,
        aggregate_stats=True,
        continuous_dump=True,
        dump_period=1,
        profile_process="worker",
    )


def test_old_names_warn(tmp_path):
    name = str(tmp_path / "old.json")
    with pytest.warns(FutureWarning, match=r"write set_config\(filename"):
        profiler.profiler_set_config(mode="all", filename=name)
    with pytest.warns(FutureWarning, match="write set_state"):
        profiler.profiler_set_state("run")
    np.ones(1)
    with pytest.warns(FutureWarning, match="write dump"):
        profiler.dump_profile()
    assert [e["name"] for e in trace() if e["ph"] == "X"] == ["ones"]
