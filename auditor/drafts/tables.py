"""Tables of what the settings of common estimators are tuned in, and who says so.

A range is what the literature tunes a setting in, its ends rounded to a digit or two (2 to the power of -10
is written 0.001).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from auditor.core.records import DimensionSpec, ScaleName, Value

SOURCES: Mapping[str, str] = {
    "askl": "auto-sklearn's space (Feurer et al. 2015, NeurIPS)",
    "flaml": "FLAML's space (Wang et al. 2021, MLSys)",
    "probst": "Probst, Boulesteix and Bischl 2019 (JMLR 20)",
    "rijn": "van Rijn and Hutter 2018 (KDD)",
    "trees": "Probst and Boulesteix 2018 (JMLR 18): more trees are never worse, so seldom worth searching",
    "bengio": "Bengio 2012 (arXiv:1206.5533)",
    "valley": "after Schmidt, Schneider and Hennig 2021 (ICML)",
    "adam": "Choi et al. 2019 (arXiv:1910.05446): Adam's epsilon is worth tuning",
    "kingma": "Kingma and Ba 2015 (ICLR)",
    "docs": "the library's own documentation",
    "ladder": "auditor's own rungs: production's value has no place on a scale",
    "asked": "as asked for",
    "ours": "auditor's own default around production's value",
}
"""Where a range is from, by the word that the tables below use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What one setting is searched over.

    Attributes
    ----------
    source
        A key of `SOURCES`.
    first
        Whether it is searched unless its owner says otherwise.
    needs
        Other settings of the same estimator, and the values of theirs with which this one has an effect.
    """

    spec: DimensionSpec
    source: str
    first: bool = False
    needs: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def _log(low: float, high: float, source: str, *, first: bool = False, whole: bool = False) -> Range:
    spec = DimensionSpec(scale=ScaleName.LOG, low=low, high=high, integer=whole)
    return Range(spec=spec, source=source, first=first)


def _whole(low: float, high: float, source: str, *, first: bool = False) -> Range:
    return _log(low, high, source, first=first, whole=True)


def _line(low: float, high: float, source: str, *, first: bool = False) -> Range:
    return Range(
        spec=DimensionSpec(scale=ScaleName.LINEAR, low=low, high=high, integer=False),
        source=source,
        first=first,
    )


def _average(low: float, high: float, source: str, *, first: bool = False) -> Range:
    spec = DimensionSpec(scale=ScaleName.ONE_MINUS_LOG, low=low, high=high, integer=False)
    return Range(spec=spec, source=source, first=first)


def _one_of(*choices: Value, source: str, first: bool = False) -> Range:
    return Range(spec=DimensionSpec(scale=ScaleName.CHOICE, choices=choices), source=source, first=first)


def _with(range_: Range, **needs: tuple[Value, ...]) -> Range:
    return replace(range_, needs=needs)


_BOOLEAN = (True, False)

_HIST_BOOSTING = {
    "learning_rate": _log(0.01, 1.0, "askl", first=True),
    "max_leaf_nodes": _whole(4, 1024, "flaml", first=True),
    "min_samples_leaf": _whole(2, 128, "flaml", first=True),
    "l2_regularization": _log(1e-3, 1e3, "flaml", first=True),
    "max_iter": _whole(30, 1000, "ours"),
    "max_depth": _whole(2, 15, "probst"),
    "max_features": _line(0.2, 1.0, "probst"),
    "max_bins": _whole(7, 255, "flaml"),
}
_BOOSTING = {
    "learning_rate": _log(0.01, 1.0, "askl", first=True),
    "max_depth": _whole(1, 15, "probst", first=True),
    "min_samples_leaf": _whole(1, 128, "flaml", first=True),
    "subsample": _line(0.1, 1.0, "probst", first=True),
    "n_estimators": _whole(30, 1000, "ours"),
    "max_features": _line(0.1, 1.0, "probst"),
    "min_samples_split": _whole(2, 20, "rijn"),
    "max_leaf_nodes": _whole(4, 1024, "flaml"),
    "ccp_alpha": _log(1e-5, 0.1, "ours"),
}
_FOREST = {
    "max_features": _line(0.1, 0.9, "rijn", first=True),
    "min_samples_leaf": _whole(1, 20, "rijn", first=True),
    "max_samples": _line(0.1, 1.0, "probst"),
    "min_samples_split": _whole(2, 20, "rijn"),
    "max_depth": _whole(2, 30, "ours"),
    "n_estimators": _whole(50, 1000, "trees"),
    "max_leaf_nodes": _whole(4, 32_768, "flaml"),
    "ccp_alpha": _log(1e-5, 0.1, "ours"),
    "bootstrap": _one_of(*_BOOLEAN, source="askl"),
}
_CRITERION = {"criterion": _one_of("gini", "entropy", source="rijn", first=True)}
_TREE = {
    "min_samples_leaf": _whole(1, 60, "probst", first=True),
    "max_depth": _whole(1, 30, "probst", first=True),
    "ccp_alpha": _log(1e-5, 0.1, "ours"),
    "min_samples_split": _whole(2, 60, "probst"),
    "max_leaf_nodes": _whole(4, 1024, "flaml"),
    "max_features": _line(0.1, 1.0, "ours"),
    "splitter": _one_of("best", "random", source="docs"),
}
_RBF = ("rbf", "poly", "sigmoid")
_SVM = {
    "C": _log(0.03, 3e4, "rijn", first=True),
    "gamma": _with(_log(3e-5, 8.0, "rijn", first=True), kernel=_RBF),
    "degree": _with(
        Range(
            spec=DimensionSpec(scale=ScaleName.LINEAR, low=1, high=5, integer=True), source="rijn", first=True
        ),
        kernel=("poly",),
    ),
    "coef0": _with(_line(-1.0, 1.0, "rijn"), kernel=("poly", "sigmoid")),
    "shrinking": _one_of(*_BOOLEAN, source="askl"),
}
_TUBE = {"epsilon": _log(1e-3, 1.0, "askl", first=True)}
_NEIGHBOURS = {
    "n_neighbors": _whole(1, 100, "askl", first=True),
    "weights": _one_of("uniform", "distance", source="askl", first=True),
    "p": _one_of(1, 2, source="askl", first=True),
}
_SGD = {
    "alpha": _log(1e-7, 0.1, "askl", first=True),
    "l1_ratio": _with(_line(0.0, 1.0, "probst", first=True), penalty=("elasticnet",)),
    "eta0": _with(
        _log(1e-5, 1.0, "bengio", first=True), learning_rate=("constant", "invscaling", "adaptive")
    ),
    "power_t": _with(_line(0.1, 0.9, "ours"), learning_rate=("invscaling",)),
    "average": _one_of(*_BOOLEAN, source="askl"),
    "penalty": _one_of("l1", "l2", "elasticnet", source="askl"),
    "epsilon": _with(
        _log(1e-5, 0.1, "askl"), loss=("huber", "epsilon_insensitive", "squared_epsilon_insensitive")
    ),
}
_PERCEPTRON = {
    "learning_rate_init": _with(_log(1e-4, 0.5, "askl", first=True), solver=("adam", "sgd")),
    "alpha": _log(1e-7, 0.1, "askl", first=True),
    "hidden_layer_sizes": _whole(16, 264, "askl", first=True),
    "momentum": _with(_average(0.5, 0.999, "valley", first=True), solver=("sgd",)),
    "nesterovs_momentum": _with(_one_of(*_BOOLEAN, source="docs"), solver=("sgd",)),
    "batch_size": _with(_whole(16, 512, "bengio"), solver=("adam", "sgd")),
    "beta_1": _with(_average(0.5, 0.999, "valley"), solver=("adam",)),
    "beta_2": _with(_average(0.8, 0.9999, "valley"), solver=("adam",)),
    "epsilon": _with(_log(1e-10, 1e-2, "adam"), solver=("adam",)),
    "activation": _one_of("relu", "tanh", source="askl"),
    "power_t": _with(_line(0.1, 0.9, "ours"), learning_rate=("invscaling",)),
}
_ADABOOST = {
    "learning_rate": _log(0.01, 2.0, "rijn", first=True),
    "n_estimators": _whole(50, 500, "rijn", first=True),
}
_XGB = {
    "learning_rate": _log(1e-3, 1.0, "probst", first=True),
    "max_depth": _whole(1, 15, "probst", first=True),
    "min_child_weight": _log(1.0, 128.0, "probst", first=True),
    "subsample": _line(0.1, 1.0, "probst", first=True),
    "colsample_bytree": _line(0.1, 1.0, "probst", first=True),
    "reg_lambda": _log(1e-3, 1e3, "probst", first=True),
    "reg_alpha": _log(1e-3, 1e3, "probst"),
    "gamma": _log(1e-3, 10.0, "ours"),
    "colsample_bylevel": _line(0.1, 1.0, "probst"),
    "colsample_bynode": _line(0.1, 1.0, "probst"),
    "max_leaves": _whole(4, 1024, "flaml"),
    "grow_policy": _one_of("depthwise", "lossguide", source="docs"),
    "n_estimators": _whole(30, 5000, "probst"),
}
_LGBM = {
    "learning_rate": _log(1e-3, 1.0, "flaml", first=True),
    "num_leaves": _whole(4, 1024, "flaml", first=True),
    "min_child_samples": _whole(2, 128, "flaml", first=True),
    "colsample_bytree": _line(0.1, 1.0, "flaml", first=True),
    "reg_lambda": _log(1e-3, 1e3, "flaml", first=True),
    "reg_alpha": _log(1e-3, 1e3, "flaml"),
    "subsample": _with(_line(0.1, 1.0, "probst"), subsample_freq=tuple(range(1, 11))),
    "min_split_gain": _log(1e-3, 10.0, "ours"),
    "min_child_weight": _log(1e-3, 128.0, "flaml"),
    "max_depth": _whole(2, 15, "probst"),
    "boosting_type": _one_of("gbdt", "dart", source="docs"),
    "n_estimators": _whole(30, 5000, "probst"),
}
_PENALTY = {"alpha": _log(1e-5, 10.0, "askl", first=True)}
_MIXED = {**_PENALTY, "l1_ratio": _line(0.0, 1.0, "probst", first=True)}
_PASSIVE = {"C": _log(1e-5, 10.0, "askl", first=True)}
_PRIORS = {
    name: _log(1e-10, 1e-3, "askl", first=True) for name in ("alpha_1", "alpha_2", "lambda_1", "lambda_2")
}
_SMOOTHING = {"alpha": _log(0.01, 100.0, "askl", first=True)}

_FOREST_OF_CLASSES = {**_FOREST, **_CRITERION}
_TREE_OF_CLASSES = {**_TREE, **_CRITERION}
_BAGS = {
    "max_features": _line(0.1, 1.0, "ours", first=True),
    "max_samples": _line(0.1, 1.0, "probst", first=True),
    "n_estimators": _whole(10, 500, "trees"),
}
_XGB_FOREST = {name: _XGB[name] for name in ("max_depth", "min_child_weight", "subsample", "reg_lambda")}

TABLES: Mapping[str, Mapping[str, Range]] = {
    **dict.fromkeys(("HistGradientBoostingClassifier", "HistGradientBoostingRegressor"), _HIST_BOOSTING),
    **dict.fromkeys(("GradientBoostingClassifier", "GradientBoostingRegressor"), _BOOSTING),
    **dict.fromkeys(("RandomForestClassifier", "ExtraTreesClassifier"), _FOREST_OF_CLASSES),
    **dict.fromkeys(("RandomForestRegressor", "ExtraTreesRegressor"), _FOREST),
    **dict.fromkeys(("DecisionTreeClassifier", "ExtraTreeClassifier"), _TREE_OF_CLASSES),
    **dict.fromkeys(("DecisionTreeRegressor", "ExtraTreeRegressor"), _TREE),
    "SVC": _SVM,
    "SVR": {**_SVM, **_TUBE},
    "NuSVC": {"nu": _line(0.05, 0.9, "ours", first=True), "gamma": _SVM["gamma"], "degree": _SVM["degree"]},
    "NuSVR": {**_SVM, "nu": _line(0.05, 0.9, "ours", first=True)},
    "LinearSVC": {"C": _log(0.03, 3e4, "askl", first=True)},
    "LinearSVR": {"C": _log(0.03, 3e4, "askl", first=True), **_TUBE},
    **dict.fromkeys(("KNeighborsClassifier", "KNeighborsRegressor"), _NEIGHBOURS),
    "LogisticRegression": {
        "C": _log(1e-3, 1e3, "probst", first=True),
        "l1_ratio": _with(_line(0.0, 1.0, "probst", first=True), solver=("saga",)),
    },
    **dict.fromkeys(("Ridge", "RidgeClassifier", "KernelRidge", "Lasso", "LassoLars"), _PENALTY),
    "ElasticNet": _MIXED,
    **dict.fromkeys(("SGDClassifier", "SGDRegressor"), _SGD),
    **dict.fromkeys(("MLPClassifier", "MLPRegressor"), _PERCEPTRON),
    **dict.fromkeys(("AdaBoostClassifier", "AdaBoostRegressor"), _ADABOOST),
    **dict.fromkeys(
        ("BaggingClassifier", "BaggingRegressor"),
        _BAGS,
    ),
    **dict.fromkeys(("PassiveAggressiveClassifier", "PassiveAggressiveRegressor"), _PASSIVE),
    **dict.fromkeys(("BayesianRidge", "ARDRegression"), _PRIORS),
    **dict.fromkeys(
        ("PoissonRegressor", "GammaRegressor", "TweedieRegressor", "QuantileRegressor"), _PENALTY
    ),
    "HuberRegressor": {"epsilon": _log(1.01, 5.0, "ours", first=True), **_PENALTY},
    "Perceptron": {"alpha": _SGD["alpha"], "penalty": _SGD["penalty"], "l1_ratio": _SGD["l1_ratio"]},
    "GaussianProcessRegressor": {"alpha": _log(1e-14, 1.0, "askl", first=True)},
    "LinearDiscriminantAnalysis": {
        "shrinkage": _with(_line(0.0, 1.0, "askl", first=True), solver=("lsqr", "eigen"))
    },
    "GaussianNB": {"var_smoothing": _log(1e-12, 1e-3, "ours", first=True)},
    **dict.fromkeys(("MultinomialNB", "BernoulliNB", "ComplementNB", "CategoricalNB"), _SMOOTHING),
    "QuadraticDiscriminantAnalysis": {"reg_param": _line(0.0, 1.0, "askl", first=True)},
    **dict.fromkeys(("XGBClassifier", "XGBRegressor", "XGBRanker"), _XGB),
    **dict.fromkeys(
        ("XGBRFClassifier", "XGBRFRegressor"),
        _XGB_FOREST,
    ),
    **dict.fromkeys(("LGBMClassifier", "LGBMRegressor", "LGBMRanker"), _LGBM),
}
"""Ranges by the class of an estimator and the name of its setting."""

_OPTIMISERS: Mapping[str, Mapping[str, Range]] = {
    "sgd": {
        "lr": _log(1e-4, 1.0, "valley", first=True),
        "momentum": _average(0.0, 0.999, "valley", first=True),
        "weight_decay": _log(1e-6, 1e-2, "ours", first=True),
        "nesterov": _one_of(*_BOOLEAN, source="docs"),
        "dampening": _with(_line(0.0, 0.9, "ours"), nesterov=(False,)),
    },
    "adam": {
        "lr": _log(1e-5, 0.1, "valley", first=True),
        "beta1": _average(0.5, 0.999, "valley", first=True),
        "beta2": _average(0.8, 0.9999, "valley", first=True),
        "eps": _log(1e-10, 1e-2, "adam", first=True),
        "weight_decay": _log(1e-6, 1e-1, "ours", first=True),
        "amsgrad": _one_of(*_BOOLEAN, source="docs"),
    },
    "rmsprop": {
        "lr": _log(1e-5, 0.1, "valley", first=True),
        "alpha": _average(0.5, 0.999, "valley", first=True),
        "eps": _log(1e-10, 1e-2, "adam", first=True),
        "momentum": _average(0.0, 0.999, "valley"),
        "weight_decay": _log(1e-6, 1e-2, "ours"),
        "centered": _one_of(*_BOOLEAN, source="docs"),
    },
    "adagrad": {
        "lr": _log(1e-4, 1.0, "valley", first=True),
        "lr_decay": _log(1e-6, 1e-1, "ours"),
        "eps": _log(1e-12, 1e-4, "ours"),
    },
}

OPTIMISERS: Mapping[str, Mapping[str, Range]] = {
    name: {**table, "learning_rate": table["lr"]} for name, table in _OPTIMISERS.items()
}
"""Ranges of torch's optimisers by their name; Adam's siblings are searched as Adam is."""
