"""Kernels compiled by numba: plain loops over arrays, each usable on its own."""
