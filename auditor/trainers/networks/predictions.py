"""A network's outputs as a model that scikit-learn's scorers and our judge can ask."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from auditor.core.records import FloatArray
from auditor.trainers.networks.losses import Loss
from auditor.trainers.networks.tensors import Encoding


def predictions(outputs: torch.Tensor, encoding: Encoding, loss: Loss) -> Any:
    """Return a fitted model that predicts the scored rows, and only these.

    Parameters
    ----------
    outputs
        Shape (scored rows, outputs).
    """
    # A GPU of Apple's has no float64.
    found = outputs.detach() if outputs.is_cuda else outputs.detach().to("cpu")
    found = found.to(torch.float64)
    classes = encoding.classes
    if classes is None:
        return _Numbers(found[:, 0].cpu().numpy() * encoding.spread + encoding.centre)
    if loss.single:
        second = torch.sigmoid(found[:, 0])
        return _Classes(torch.stack([1.0 - second, second], dim=1).cpu().numpy(), classes)
    return _Classes(torch.softmax(found, dim=1).cpu().numpy(), classes)


class _Numbers(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Numbers that were predicted already."""

    def __init__(self, predicted: FloatArray) -> None:
        self._predicted = predicted

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, features: Any) -> FloatArray:
        return np.asarray(_all_of(self._predicted, features))


class _Classes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Classes that were predicted already."""

    def __init__(self, probabilities: FloatArray, classes: npt.NDArray[Any]) -> None:
        self._probabilities = probabilities
        self.classes_ = classes

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, features: Any) -> FloatArray:
        return np.asarray(_all_of(self._probabilities, features))

    def predict(self, features: Any) -> npt.NDArray[Any]:
        return np.asarray(self.classes_[self.predict_proba(features).argmax(axis=1)])


def _all_of(predicted: Any, features: Any) -> Any:
    if len(features) != len(predicted):
        raise ValueError(f"{len(predicted)} rows were predicted, and {len(features)} are asked for")
    return predicted
