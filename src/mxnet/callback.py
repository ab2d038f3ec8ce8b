"""Functions to be called after each batch or epoch of a training loop, which report by `logging` or save the parameters.

Those of batches take a `mxnet.model.BatchEndParam`.
"""

import logging
import math
import sys
import time

from .model import save_checkpoint

__all__ = ["LogValidationMetricsCallback", "ProgressBar", "Speedometer", "do_checkpoint", "log_train_metric"]

# Reports go to the root logger, as MXNet's do: scripts set its level, and nothing else.


def _figure(value):
    """A value of a metric as text; there may be one for each class."""
    return f"{value:f}" if isinstance(value, float) else str(value)


def do_checkpoint(prefix, period=1):
    """A callback for epochs that saves the parameters in every `period`-th one, by `model.save_checkpoint`.

    Parameters
    ----------
    prefix : str or path
        The files are called `prefix-NNNN.params`, with the number of the epoch from 1 on.
    period : int
        Less than 1 counts as 1.

    Returns
    -------
    function
        Of `(epoch, symbol, arg_params, aux_params)`. The last three may be missing; without a symbol, parameters alone are saved.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import callback, np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checkpoint = callback.do_checkpoint(os.path.join(folder, 'net'), period=2)
    ...     for epoch in range(4):
    ...         checkpoint(epoch, arg_params={'weight': np.ones(2)})
    ...     print(sorted(os.listdir(folder)))
    ['net-0002.params', 'net-0004.params']
    """
    period = max(1, int(period))

    def checkpoint(epoch, symbol=None, arg_params=None, aux_params=None):
        if (epoch + 1) % period == 0:
            save_checkpoint(prefix, epoch + 1, symbol, arg_params or {}, aux_params or {})
            logging.info('Saved checkpoint to "%s-%04d.params"', prefix, epoch + 1)

    return checkpoint


def log_train_metric(period, auto_reset=False):
    """A callback for batches that logs the metric in every `period`-th one.

    Parameters
    ----------
    period : int
    auto_reset : bool
        Whether the metric starts anew after that (`reset_local`).

    Returns
    -------
    function
        Of a `BatchEndParam`.

    Examples
    --------
    >>> from mxnet import callback
    >>> report = callback.log_train_metric(100)
    """

    def log(param):
        if param.nbatch % period == 0 and param.eval_metric is not None:
            for name, value in param.eval_metric.get_name_value():
                logging.info("Iter[%d] Batch[%d] Train-%s=%s", param.epoch, param.nbatch, name, _figure(value))
            if auto_reset:
                param.eval_metric.reset_local()

    return log


class Speedometer:
    """A callback for batches that logs samples per second, and the metric, in every `frequent`-th one.

    Parameters
    ----------
    batch_size : int
    frequent : int
        The first batch of an epoch only starts the clock.
    auto_reset : bool
        Whether the metric starts anew after each report (`reset_local`), so that each tells of its own batches.

    Examples
    --------
    >>> from mxnet import callback, model
    >>> from mxnet.gluon import metric
    >>> report = callback.Speedometer(batch_size=64, frequent=100)
    >>> report(model.BatchEndParam(epoch=0, nbatch=0, eval_metric=metric.Accuracy(), locals=None))
    """

    def __init__(self, batch_size, frequent=50, auto_reset=True):
        self.batch_size = batch_size
        self.frequent = frequent
        self.auto_reset = auto_reset
        self.last_count = 0
        self._start = None

    def __call__(self, param):
        """Report, if it is time to.

        Parameters
        ----------
        param : BatchEndParam
        """
        count = param.nbatch
        if self._start is None or count < self.last_count:  # a new epoch
            self._start = time.perf_counter()
        elif count % self.frequent == 0:
            self._report(param, time.perf_counter() - self._start)
            self._start = time.perf_counter()
        self.last_count = count

    def _report(self, param, seconds):
        speed = self.frequent * self.batch_size / seconds if seconds > 0 else math.inf
        if param.eval_metric is None:
            logging.info("Iter[%d] Batch [%d]\tSpeed: %.2f samples/sec", param.epoch, param.nbatch, speed)
            return
        figures = [f"\t{name}={_figure(value)}" for name, value in param.eval_metric.get_name_value()]
        first = param.nbatch - self.frequent if self.auto_reset else 0
        if self.auto_reset:
            param.eval_metric.reset_local()
        message = "Epoch[%d] Batch [%d-%d]\tSpeed: %.2f samples/sec%s"
        logging.info(message, param.epoch, first, param.nbatch, speed, "".join(figures))


class ProgressBar:
    """A callback for batches that draws how many of them are done, on standard error.

    Parameters
    ----------
    total : int
        How many batches an epoch has.
    length : int
        The width of the bar in characters.

    Notes
    -----
    tqdm draws it where it is installed (`pip install tqdm`), with the time that is left. Each epoch has a bar of its own.

    Examples
    --------
    >>> from mxnet import callback
    >>> bar = callback.ProgressBar(total=100, length=40)
    """

    def __init__(self, total, length=80):
        self.total = total
        self.bar_len = length
        self._bar = None
        self._epoch = None
        self._last = 0

    def __call__(self, param):
        """Draw.

        Parameters
        ----------
        param : BatchEndParam
            `nbatch` batches are done.
        """
        count = param.nbatch
        try:
            from tqdm import tqdm
        except ImportError:
            self._print(count)
            return
        if self._bar is None or param.epoch != self._epoch or count < self._last:
            if self._bar is not None:
                self._bar.close()
            self._bar = tqdm(total=self.total, bar_format=f"{{l_bar}}{{bar:{self.bar_len}}}{{r_bar}}")
            self._epoch, self._last = param.epoch, 0
        self._bar.update(count - self._last)
        self._last = count
        if count >= self.total:
            self._bar.close()

    def _print(self, count):
        part = min(1, count / max(1, self.total))
        filled = round(self.bar_len * part)
        end = "\n" if count >= self.total else ""
        bar = "=" * filled + "-" * (self.bar_len - filled)
        print(f"\r[{bar}] {math.ceil(100 * part)}%", end=end, file=sys.stderr, flush=True)


class LogValidationMetricsCallback:
    """A callback for the end of a validation that logs the metric.

    Examples
    --------
    >>> from mxnet import callback, model
    >>> from mxnet.gluon import metric
    >>> report = callback.LogValidationMetricsCallback()
    >>> report(model.BatchEndParam(epoch=0, nbatch=0, eval_metric=metric.Accuracy(), locals=None))
    """

    def __call__(self, param):
        """Log.

        Parameters
        ----------
        param : BatchEndParam
        """
        if param.eval_metric is not None:
            for name, value in param.eval_metric.get_name_value():
                logging.info("Epoch[%d] Validation-%s=%s", param.epoch, name, _figure(value))
