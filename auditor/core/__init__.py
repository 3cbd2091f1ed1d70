"""Pure decisions: values in, values out; no clock, no disk, no vendor."""
