"""Tests of limits that machines share."""
