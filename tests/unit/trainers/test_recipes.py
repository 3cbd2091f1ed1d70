"""How a network is trained, read from its settings."""

import pytest

from auditor.trainers.failing import TrialError
from auditor.trainers.networks.recipes import Recipe, Settings, idle_settings, recipe_of


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Recipe()),
        (
            {"lr": 0.1, "optimiser": "sgd", "momentum": 0.9},
            Recipe(optimizer="sgd", learning_rate=0.1, momentum=0.9),
        ),
        ({"optimizer": "adamw"}, Recipe(optimizer="adamw", weight_decay=0.01)),
        ({"optimizer": "rmsprop", "alpha": 1}, Recipe(optimizer="rmsprop", learning_rate=0.01, alpha=1.0)),
        ({"decay_rate": 0.5}, Recipe(decay="inverse", decay_rate=0.5)),
        ({"batch_size": 16.0, "epochs": 3, "hidden_units": 7}, Recipe(batch_size=16, epochs=3)),
    ],
)
def test_settings_become_a_recipe_with_the_defaults_of_torch(given, expected):
    assert recipe_of(Settings(given)) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"optimizer": "adm"},
            "optimizer must be one of sgd, adam, adamw, rmsprop, got 'adm'; did you mean 'adam'?",
        ),
        ({"decay": 0.1}, "decay must be one of none, inverse, exponential, linear, cosine, got 0.1"),
        ({"learning_rate": -1.0}, "learning_rate must not be negative, got -1.0"),
        ({"learning_rate": "fast"}, "learning_rate must be a number, got 'fast'"),
        ({"beta1": 1.0}, "beta1 must lie in [0, 1), got 1.0"),
        ({"batch_size": 2.5}, "batch_size must be a whole number of at least 1, got 2.5"),
        ({"epochs": True}, "epochs must be a number, got True"),
        ({"amsgrad": 1}, "amsgrad must be true or false, got 1"),
        ({"optimizer": "sgd", "nesterov": True}, "nesterov needs a momentum above 0 and no dampening"),
    ],
)
def test_what_torch_would_refuse_is_refused_with_what_is_allowed(given, message):
    with pytest.raises(TrialError, match=r".") as raised:
        recipe_of(Settings(given))

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("decay", "rates"),
    [
        ("none", (1.0, 1.0, 1.0)),
        ("inverse", (1.0, 1 / 1.5, 0.5)),
        ("exponential", (1.0, 0.60653, 0.36788)),
        ("linear", (1.0, 0.75, 0.5)),
        ("cosine", (1.0, 0.853553, 0.5)),
    ],
)
def test_the_learning_rate_falls_as_declared(decay, rates):
    recipe = Recipe(learning_rate=1.0, decay=decay, decay_rate=0.5, epochs=4)

    assert [recipe.rate(epoch) for epoch in range(3)] == pytest.approx(rates, rel=1e-4)


def test_a_share_of_a_training_is_whole_epochs_and_one_at_least():
    recipe = Recipe(epochs=10)

    assert [recipe.epochs_at(share) for share in (1e-9, 1 / 9, 1 / 3, 0.3, 1.0)] == [1, 2, 4, 3, 10]


def test_a_setting_that_nobody_reads_is_known():
    settings = Settings({"lr": 0.1, "width": 3, "depht": 2})
    recipe_of(settings)

    assert settings["width"] == 3
    assert settings.get("depth", 1) == 1
    assert settings.unread == ("depht",)
    assert {"depth", "width"} <= set(settings.read)


def test_a_setting_that_is_missing_is_a_key_error_that_names_the_nearest():
    settings = Settings({"droput": 0.1, "width": 3})

    with pytest.raises(KeyError) as raised:
        settings["dropout"]

    assert str(raised.value) == "there is no setting 'dropout'; did you mean 'droput'?"


@pytest.mark.parametrize("read", [dict, list, lambda given: dict(**given), lambda given: [*given.items()]])
def test_whoever_takes_all_settings_has_read_all(read):
    settings = Settings({"width": 3})
    read(settings)

    assert settings.unread == ()


def test_settings_of_another_optimizer_are_told():
    assert idle_settings({"momentum": 0.9, "lr": 0.1, "beta1": 0.9}, "sgd") == ("beta1",)
    assert idle_settings({"optimizer": "adam", "width": 3}, "adam") == ()
