"""Networks in torch: the loop is ours, the module, the loss and the tensors may be the user's.

torch is imported inside worker processes only; ``recipes`` does without it.
"""
