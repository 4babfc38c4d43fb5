"""Robustness to coding: the verdict where judgements keep their order and nothing else."""
