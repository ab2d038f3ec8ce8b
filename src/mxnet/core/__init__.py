"""The machinery: arrays that carry a graph node, operators that record, and the tape that differentiates.

It knows no operator by name. Read it in this order: `state`, `array`, `tape`, `dtypes`, `operator`, `elementwise`.
"""
