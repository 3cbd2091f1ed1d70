BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	model TEXT NOT NULL, 
	state TEXT NOT NULL, 
	plan_digest TEXT NOT NULL, 
	capture_id INTEGER NOT NULL, 
	snapshot_digest TEXT NOT NULL, 
	source TEXT NOT NULL, 
	taken_at DATETIME NOT NULL, 
	first_time DATETIME, 
	last_time DATETIME, 
	seed BIGINT NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	reason TEXT, 
	call TEXT, 
	headline TEXT NOT NULL, 
	gain_estimate FLOAT, 
	gain_low FLOAT, 
	gain_high FLOAT, 
	unit TEXT NOT NULL, 
	margin FLOAT, 
	production_loss FLOAT, 
	stale_settings TEXT NOT NULL, 
	next_due DATETIME, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_audit_capture FOREIGN KEY(capture_id) REFERENCES capture (id), 
	CONSTRAINT fk_audit_snapshot FOREIGN KEY(snapshot_digest) REFERENCES snapshot (digest), 
	CONSTRAINT ck_audit_state CHECK (state IN ('running', 'done', 'failed', 'abandoned')), 
	CONSTRAINT ck_audit_finished_at CHECK ((state = 'running') = (finished_at IS NULL)), 
	CONSTRAINT ck_audit_call CHECK (call IN ('fresh', 'stale', 'undecided')), 
	CONSTRAINT ck_audit_gain CHECK (gain_low <= gain_high), 
	CONSTRAINT ck_audit_seed CHECK (seed >= 0)
);
INSERT INTO "audit" VALUES(1,'m','done','a1e0f59cef7cd555028581ac22c66cc143a51b36bdf74e15101108f5ffe827b1',1,'ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','rows.parquet','2026-11-26 18:14:23.012243',NULL,NULL,1,'2026-11-26 18:14:23.034551','2026-11-26 18:14:24.682810',NULL,'stale','The audited setting has gone stale',1.43481134347868272138e-02,2.23809483347193506619e-03,2.64581320361017210962e-02,'squared error',1.25931529843524591706e-03,1.25931529843524597778e-01,'["n_neighbors"]',NULL);
CREATE TABLE capture (
	id INTEGER NOT NULL, 
	model TEXT NOT NULL, 
	captured_at DATETIME NOT NULL, 
	snapshot TEXT, 
	settings TEXT NOT NULL, 
	environment TEXT NOT NULL, 
	code TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "capture" VALUES(1,'m','2026-11-26 18:14:21.227739',NULL,'[{"name":"n_neighbors","raw":"2","value":2,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
CREATE TABLE outcome (
	audit_id INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (audit_id), 
	CONSTRAINT fk_outcome_audit FOREIGN KEY(audit_id) REFERENCES audit (id)
);
INSERT INTO "outcome" VALUES(1,'{
  "id": 1,
  "model": "m",
  "call": "stale",
  "headline": "The audited setting has gone stale",
  "sentence": "Changing n_neighbors lowers squared error by 11 % (95 % interval 2 % to 21 %), against production''s values retrained on the same rows (220 rows). The margin is 1 % of squared error.",
  "started_at": "2026-11-26T18:14:23.034551Z",
  "finished_at": "2026-11-26T18:14:24.682810Z",
  "metric": "squared_error",
  "unit": "squared error",
  "policy": {
    "metric": "squared_error",
    "margin": {
      "value": 0.01,
      "relative": true
    },
    "confidence": 0.95
  },
  "capture": {
    "model": "m",
    "settings": [
      {
        "name": "n_neighbors",
        "raw": "2",
        "value": 2,
        "origin": "json:params.json"
      }
    ],
    "environment": {
      "python": "3.11.7",
      "platform": "Linux-6.1.0-x86_64-with-glibc2.36",
      "cpu": "AMD EPYC",
      "cores": 2,
      "memory_bytes": 25276510208,
      "gpu": null,
      "driver": null,
      "blas": "scipy-openblas 0.3.31.188.0",
      "packages": {
        "numpy": "2.4.6",
        "scipy": "1.17.1",
        "scikit-learn": "1.9.1",
        "torch": "2.13.0+cpu",
        "pandas": "3.1.1",
        "pyarrow": "26.0.1",
        "lightgbm": "4.7.0"
      }
    },
    "code": {
      "trainer": "sklearn.neighbors:KNeighborsRegressor",
      "digest": "7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c",
      "commit": null
    },
    "captured_at": "2026-11-26T18:14:21.227739Z",
    "snapshot": null,
    "id": 1
  },
  "snapshot": {
    "digest": "ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016",
    "rows": 220,
    "bytes": 4707,
    "columns": [
      {
        "name": "a",
        "type": "double"
      },
      {
        "name": "y",
        "type": "double"
      }
    ],
    "source": "rows.parquet",
    "taken_at": "2026-11-26T18:14:23.012243Z",
    "first": null,
    "last": null
  },
  "search_rows": 110,
  "confirm_rows": 110,
  "gain": {
    "estimate": 0.014348113434786827,
    "low": 0.002238094833471935,
    "high": 0.02645813203610172
  },
  "confidence": 0.95,
  "setting_confidence": 0.95,
  "settings": [
    {
      "name": "n_neighbors",
      "production": 2,
      "recommended": 4,
      "call": "stale",
      "sentence": "carries 11 % (95 % interval 2 % to 21 %)",
      "effect": {
        "estimate": 0.014348113434786827,
        "low": 0.002238094833471935,
        "high": 0.02645813203610172
      },
      "range": null,
      "at_edge": null,
      "searched": true
    }
  ],
  "groups": [],
  "either_of": [],
  "confirmation": {
    "call": "stale",
    "finalists": [
      {
        "config": {
          "n_neighbors": 3
        },
        "search_gain": 0.014392780166752666,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.005293121762583718,
              "low": -0.026997365604813944,
              "high": 0.03758360912998138
            },
            "standard_error": 0.0060294797493734165,
            "degrees_of_freedom": 5.0,
            "z_stale": 0.8060950492896717,
            "z_fresh": -0.6189180652791125,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 2.4720979855199302e-05,
            "replicate_variance": 1.163364619290482e-05
          },
          {
            "number": 2,
            "replicates": 8,
            "gain": {
              "estimate": 0.008475311677082488,
              "low": -0.009853853399204639,
              "high": 0.026804476753369617
            },
            "standard_error": 0.00536031860464241,
            "degrees_of_freedom": 7.0,
            "z_stale": 1.4122940530189534,
            "z_fresh": -1.2226696234123071,
            "boundary_stale": 2.5381433141618563,
            "boundary_fresh": 2.1784286417511267,
            "example_variance": 1.99557284010131e-05,
            "replicate_variance": 8.777287142262456e-06
          },
          {
            "number": 3,
            "replicates": 12,
            "gain": {
              "estimate": 0.009098207990915652,
              "low": -0.0019324432034451885,
              "high": 0.020128859185276494
            },
            "standard_error": 0.004908223886074926,
            "degrees_of_freedom": 11.0,
            "z_stale": 1.6913161073952452,
            "z_fresh": -1.4812087786753356,
            "boundary_stale": 1.9944669426479606,
            "boundary_fresh": 1.6974750699659182,
            "example_variance": 1.7896889247236264e-05,
            "replicate_variance": 6.19377246860018e-06
          }
        ],
        "excluded": false
      },
      {
        "config": {
          "n_neighbors": 4
        },
        "search_gain": 0.007965201469243038,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.013074464657360249,
              "low": -0.019797806841141033,
              "high": 0.045946736155861534
            },
            "standard_error": 0.006138114084838351,
            "degrees_of_freedom": 5.0,
            "z_stale": 1.7147061608058278,
            "z_fresh": -1.5852539935097625,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 2.117825151114543e-05,
            "replicate_variance": 1.649819300734552e-05
          },
          {
            "number": 2,
            "replicates": 8,
            "gain": {
              "estimate": 0.014890532532604712,
              "low": -0.004648752373322771,
              "high": 0.0344298174385322
            },
            "standard_error": 0.005714215130188999,
            "degrees_of_freedom": 7.0,
            "z_stale": 2.10693158308313,
            "z_fresh": -1.9706672696300025,
            "boundary_stale": 2.5381433141618563,
            "boundary_fresh": 2.1784286417511267,
            "example_variance": 1.98113983071525e-05,
            "replicate_variance": 1.2840856246928384e-05
          },
          {
            "number": 3,
            "replicates": 12,
            "gain": {
              "estimate": 0.014348113434786827,
              "low": 0.002238094833471935,
              "high": 0.02645813203610172
            },
            "standard_error": 0.00538850168611732,
            "degrees_of_freedom": 11.0,
            "z_stale": 2.2890079432470993,
            "z_fresh": -2.1264290947058604,
            "boundary_stale": 1.9944669426479606,
            "boundary_fresh": 1.6974750699659182,
            "example_variance": 2.0354711596368038e-05,
            "replicate_variance": 8.68123882492116e-06
          }
        ],
        "excluded": false
      }
    ],
    "winner": 1,
    "reason": "the evidence for a gain passed its boundary at look 3 of 3",
    "margin": 0.001259315298435246,
    "production_loss": 0.1259315298435246,
    "p_value": 0.02423689599376055,
    "more_replicates": null,
    "more_rows": null
  },
  "attribution": {
    "method": "single",
    "effects": [
      {
        "name": "n_neighbors",
        "effect": {
          "estimate": 0.014348113434786827,
          "low": 0.002238094833471935,
          "high": 0.02645813203610172
        }
      }
    ],
    "groups": [],
    "either_of": []
  },
  "search": {
    "strategy": "caviar",
    "reason": "one training of production takes 0.1 s, so 6 challengers side by side fit the budget of 20 min",
    "space": [
      {
        "name": "n_neighbors",
        "scale": "log",
        "low": 2.0,
        "high": 50.0,
        "integer": true,
        "choices": null,
        "defaulted": false,
        "warning": "production''s value 2 is an end of its range: better ones below it go unseen"
      }
    ],
    "rungs": [
      1.0
    ],
    "screened": 0.5271291954984121,
    "trials": [
      {
        "id": 0,
        "round": "production",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1122378210,
        "loss": 0.12291035064608397,
        "seconds": 0.10103843100114318,
        "failure": null,
        "curve": []
      },
      {
        "id": 1,
        "round": "coarse",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.12291035064608397,
        "seconds": 0.01626614800079551,
        "failure": null,
        "curve": []
      },
      {
        "id": 2,
        "round": "coarse",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.09602641384718257,
        "seconds": 0.008634834999611485,
        "failure": null,
        "curve": []
      },
      {
        "id": 3,
        "round": "coarse",
        "config": {
          "n_neighbors": 31
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.18056987455315876,
        "seconds": 0.008101519999399898,
        "failure": null,
        "curve": []
      },
      {
        "id": 4,
        "round": "coarse",
        "config": {
          "n_neighbors": 20
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.1330843933984503,
        "seconds": 0.003533021999828634,
        "failure": null,
        "curve": []
      },
      {
        "id": 5,
        "round": "coarse",
        "config": {
          "n_neighbors": 3
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.10685374429475357,
        "seconds": 0.007645038000191562,
        "failure": null,
        "curve": []
      },
      {
        "id": 6,
        "round": "fine",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1077254362,
        "loss": 0.12291035064608397,
        "seconds": 0.004656519000491244,
        "failure": null,
        "curve": []
      },
      {
        "id": 7,
        "round": "fine",
        "config": {
          "n_neighbors": 10
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1077254362,
        "loss": 0.12333855238401645,
        "seconds": 0.01054988299983961,
        "failure": null,
        "curve": []
      },
      {
        "id": 8,
        "round": "fine",
        "config": {
          "n_neighbors": 28
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1077254362,
        "loss": 0.15898395830892686,
        "seconds": 0.0033607049990678206,
        "failure": null,
        "curve": []
      },
      {
        "id": 9,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.1259879204393057,
        "seconds": 0.009089502998904209,
        "failure": null,
        "curve": []
      },
      {
        "id": 10,
        "round": "resplit",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.09348347807228534,
        "seconds": 0.007994289999260218,
        "failure": null,
        "curve": []
      },
      {
        "id": 11,
        "round": "resplit",
        "config": {
          "n_neighbors": 3
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.09491958609764134,
        "seconds": 0.00800100000014936,
        "failure": null,
        "curve": []
      },
      {
        "id": 12,
        "round": "resplit",
        "config": {
          "n_neighbors": 10
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.10884738099717724,
        "seconds": 0.007311720999496174,
        "failure": null,
        "curve": []
      },
      {
        "id": 13,
        "round": "resplit",
        "config": {
          "n_neighbors": 20
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.11293301129413282,
        "seconds": 0.004125526000279933,
        "failure": null,
        "curve": []
      },
      {
        "id": 14,
        "round": "resplit",
        "config": {
          "n_neighbors": 28
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.11612638290588113,
        "seconds": 0.003568586000255891,
        "failure": null,
        "curve": []
      },
      {
        "id": 15,
        "round": "resplit",
        "config": {
          "n_neighbors": 31
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.12168008164135358,
        "seconds": 0.007994379000592744,
        "failure": null,
        "curve": []
      },
      {
        "id": 16,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.11908160363245003,
        "seconds": 0.00883324200003699,
        "failure": null,
        "curve": []
      },
      {
        "id": 17,
        "round": "resplit",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.1266992935103468,
        "seconds": 0.18444504000035522,
        "failure": null,
        "curve": []
      },
      {
        "id": 18,
        "round": "resplit",
        "config": {
          "n_neighbors": 3
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.10854528359670754,
        "seconds": 0.003920880999430665,
        "failure": null,
        "curve": []
      },
      {
        "id": 19,
        "round": "resplit",
        "config": {
          "n_neighbors": 10
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.14972229727928577,
        "seconds": 0.00332752499889466,
        "failure": null,
        "curve": []
      },
      {
        "id": 20,
        "round": "resplit",
        "config": {
          "n_neighbors": 20
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.17261989627832672,
        "seconds": 0.0031954080004652496,
        "failure": null,
        "curve": []
      },
      {
        "id": 21,
        "round": "resplit",
        "config": {
          "n_neighbors": 28
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.1997429339325138,
        "seconds": 0.002832067000781535,
        "failure": null,
        "curve": []
      },
      {
        "id": 22,
        "round": "resplit",
        "config": {
          "n_neighbors": 31
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.2110408680731785,
        "seconds": 0.0027091730007668957,
        "failure": null,
        "curve": []
      },
      {
        "id": 23,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.14847794142434628,
        "seconds": 0.004667896000682958,
        "failure": null,
        "curve": []
      },
      {
        "id": 24,
        "round": "resplit",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.14946908950574075,
        "seconds": 0.0029652550001628697,
        "failure": null,
        "curve": []
      },
      {
        "id": 25,
        "round": "resplit",
        "config": {
          "n_neighbors": 3
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.14690425530149515,
        "seconds": 0.0028296630007389467,
        "failure": null,
        "curve": []
      },
      {
        "id": 26,
        "round": "resplit",
        "config": {
          "n_neighbors": 10
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.15812381728360592,
        "seconds": 0.0028415710003173444,
        "failure": null,
        "curve": []
      },
      {
        "id": 27,
        "round": "resplit",
        "config": {
          "n_neighbors": 20
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.17658715332956848,
        "seconds": 0.002672767999683856,
        "failure": null,
        "curve": []
      },
      {
        "id": 28,
        "round": "resplit",
        "config": {
          "n_neighbors": 28
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.19973617325856655,
        "seconds": 0.0025762539989955258,
        "failure": null,
        "curve": []
      },
      {
        "id": 29,
        "round": "resplit",
        "config": {
          "n_neighbors": 31
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.21371304040935948,
        "seconds": 0.002532258999053738,
        "failure": null,
        "curve": []
      }
    ]
  },
  "budget": {
    "strategy": "auto",
    "trials": 6,
    "time": "PT20M",
    "workers": 1,
    "trial_timeout": "PT5M",
    "trial_memory": 4294967296
  },
  "spent": {
    "search_trials": 30,
    "confirm_trials": 36,
    "attribute_trials": 0,
    "failed_trials": 0,
    "training_seconds": 0.6272347750000336,
    "wall_seconds": 1.648259
  },
  "environment_changes": [],
  "code_changes": [],
  "next_audit": {
    "due": null,
    "reason": "the schedule names no time: audits are run by hand"
  },
  "provenance": {
    "schedule": "schedules/m.toml",
    "schedule_digest": "db6045df0c131d06ed90b959dc4e9e8b66ec1dd22a99d2ae7c73347dee413db2",
    "schedule_text": "[production]\nfrom = \"json:params.json\"\n\n[data]\nsource = \"rows.parquet\"\ntarget = \"y\"\n\n[trainer]\nestimator = \"sklearn.neighbors:KNeighborsRegressor\"\n\n[search.n_neighbors]\nlow = 2\nhigh = 50\n\n[policy]\nmetric = \"squared_error\"\n\n[budget]\ntrials = 6\nworkers = 1\n",
    "snapshot_digest": "ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016",
    "seed": 1,
    "versions": {
      "python": "3.11.7",
      "numpy": "2.4.6",
      "scipy": "1.17.1",
      "scikit-learn": "1.9.1",
      "torch": "2.13.0+cpu",
      "pandas": "3.1.1",
      "pyarrow": "26.0.1",
      "lightgbm": "4.7.0"
    },
    "command": "auditor run m --seed 1"
  },
  "notes": [
    "search.n_neighbors: production''s value 2 is an end of its range: better ones below it go unseen"
  ],
  "error": null,
  "schema_version": 1
}
');
CREATE TABLE snapshot (
	digest TEXT NOT NULL, 
	rows BIGINT NOT NULL, 
	bytes BIGINT NOT NULL, 
	columns TEXT NOT NULL, 
	PRIMARY KEY (digest), 
	CONSTRAINT ck_snapshot_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_snapshot_rows CHECK (rows >= 0), 
	CONSTRAINT ck_snapshot_bytes CHECK (bytes > 0)
);
INSERT INTO "snapshot" VALUES('ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016',220,4707,'[{"name":"a","type":"double"},{"name":"y","type":"double"}]');
CREATE TABLE trial (
	audit_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	round TEXT NOT NULL, 
	config TEXT NOT NULL, 
	part TEXT NOT NULL, 
	"index" INTEGER NOT NULL, 
	half INTEGER NOT NULL, 
	fidelity FLOAT NOT NULL, 
	seed BIGINT NOT NULL, 
	horizon BIGINT, 
	loss FLOAT, 
	seconds FLOAT NOT NULL, 
	iterations BIGINT, 
	curve TEXT NOT NULL, 
	failure_kind TEXT, 
	failure_message TEXT, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT ck_trial_number CHECK (number >= 0), 
	CONSTRAINT ck_trial_part CHECK (part IN ('search', 'confirm')), 
	CONSTRAINT ck_trial_fidelity CHECK (fidelity > 0 AND fidelity <= 1), 
	CONSTRAINT ck_trial_seconds CHECK (seconds >= 0), 
	CONSTRAINT ck_trial_failure CHECK ((failure_kind IS NULL) = (failure_message IS NULL)), 
	CONSTRAINT ck_trial_loss CHECK (failure_kind IS NULL OR loss IS NULL)
);
INSERT INTO "trial" VALUES(1,0,'production','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,1.01038431001143180765e-01,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,1,'coarse','{"n_neighbors":2}','search',0,0,1.0,2126613973,NULL,1.22910350646083965653e-01,1.62661480007955105975e-02,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,2,'coarse','{"n_neighbors":4}','search',0,0,1.0,2126613973,NULL,9.60264138471825651199e-02,8.63483499961148481816e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,3,'coarse','{"n_neighbors":31}','search',0,0,1.0,2126613973,NULL,1.80569874553158760122e-01,8.10151999939989764243e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,4,'coarse','{"n_neighbors":20}','search',0,0,1.0,2126613973,NULL,1.33084393398450295808e-01,3.5330219998286338523e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,5,'coarse','{"n_neighbors":3}','search',0,0,1.0,2126613973,NULL,1.06853744294753569277e-01,7.64503800019156187772e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,6,'fine','{"n_neighbors":2}','search',0,0,1.0,1077254362,NULL,1.22910350646083965653e-01,4.6565190004912437871e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,7,'fine','{"n_neighbors":10}','search',0,0,1.0,1077254362,NULL,1.23338552384016447716e-01,1.05498829998396104201e-02,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,8,'fine','{"n_neighbors":28}','search',0,0,1.0,1077254362,NULL,1.58983958308926864866e-01,3.36070499906782060861e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,9,'resplit','{"n_neighbors":2}','search',1,0,1.0,1323153857,NULL,1.25987920439305706166e-01,9.08950299890420865267e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,10,'resplit','{"n_neighbors":4}','search',1,0,1.0,1323153857,NULL,9.34834780722853392331e-02,7.99428999926021788269e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,11,'resplit','{"n_neighbors":3}','search',1,0,1.0,1323153857,NULL,9.49195860976413396947e-02,0.00800100000014936,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,12,'resplit','{"n_neighbors":10}','search',1,0,1.0,1323153857,NULL,1.08847380997177237138e-01,7.3117209994961740449e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,13,'resplit','{"n_neighbors":20}','search',1,0,1.0,1323153857,NULL,1.12933011294132815138e-01,4.12552600027993321418e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,14,'resplit','{"n_neighbors":28}','search',1,0,1.0,1323153857,NULL,1.1612638290588113421e-01,3.56858600025589112192e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,15,'resplit','{"n_neighbors":31}','search',1,0,1.0,1323153857,NULL,1.21680081641353576848e-01,7.9943790005927439779e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,16,'resplit','{"n_neighbors":2}','search',2,0,1.0,1575796487,NULL,1.19081603632450030993e-01,0.00883324200003699,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,17,'resplit','{"n_neighbors":4}','search',2,0,1.0,1575796487,NULL,1.26699293510346810975e-01,1.84445040000355220399e-01,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,18,'resplit','{"n_neighbors":3}','search',2,0,1.0,1575796487,NULL,1.08545283596707536899e-01,3.920880999430664815e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,19,'resplit','{"n_neighbors":10}','search',2,0,1.0,1575796487,NULL,1.4972229727928576537e-01,0.00332752499889466,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,20,'resplit','{"n_neighbors":20}','search',2,0,1.0,1575796487,NULL,1.72619896278326717675e-01,3.19540800046524964272e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,21,'resplit','{"n_neighbors":28}','search',2,0,1.0,1575796487,NULL,1.99742933932513799799e-01,2.83206700078153517097e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,22,'resplit','{"n_neighbors":31}','search',2,0,1.0,1575796487,NULL,2.11040868073178511377e-01,2.70917300076689571142e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,23,'resplit','{"n_neighbors":2}','search',3,0,1.0,1557000082,NULL,1.48477941424346282506e-01,4.66789600068295840173e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,24,'resplit','{"n_neighbors":4}','search',3,0,1.0,1557000082,NULL,1.49469089505740754253e-01,2.96525500016286969184e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,25,'resplit','{"n_neighbors":3}','search',3,0,1.0,1557000082,NULL,1.46904255301495145769e-01,2.82966300073894672095e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,26,'resplit','{"n_neighbors":10}','search',3,0,1.0,1557000082,NULL,1.58123817283605916372e-01,2.841571000317344442e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,27,'resplit','{"n_neighbors":20}','search',3,0,1.0,1557000082,NULL,1.76587153329568480319e-01,2.67276799968385603278e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,28,'resplit','{"n_neighbors":28}','search',3,0,1.0,1557000082,NULL,1.9973617325856654614e-01,2.57625399899552576243e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,29,'resplit','{"n_neighbors":31}','search',3,0,1.0,1557000082,NULL,2.13713040409359483762e-01,2.53225899905373807996e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,30,'confirm','{"n_neighbors":2}','confirm',0,0,1.0,1178103908,NULL,1.34634172154431908108e-01,4.69522700041125062853e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,31,'confirm','{"n_neighbors":3}','confirm',0,0,1.0,1178103908,NULL,1.32784451956049709409e-01,3.15000099908502306789e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,32,'confirm','{"n_neighbors":4}','confirm',0,0,1.0,1178103908,NULL,1.27863226396933732376e-01,2.73660399943764787167e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,33,'confirm','{"n_neighbors":2}','confirm',0,1,1.0,1563598016,NULL,1.15387286247851328369e-01,0.00281077500039828,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,34,'confirm','{"n_neighbors":3}','confirm',0,1,1.0,1563598016,NULL,1.06085662702674082824e-01,2.52372600152739323675e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,35,'confirm','{"n_neighbors":4}','confirm',0,1,1.0,1563598016,NULL,8.764115354680312997e-02,2.44826299967826344072e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,36,'confirm','{"n_neighbors":2}','confirm',1,0,1.0,1488025249,NULL,1.11976909629861592909e-01,4.54023500060429796576e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,37,'confirm','{"n_neighbors":3}','confirm',1,0,1.0,1488025249,NULL,1.01937892747458860864e-01,2.63364000056753866374e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,38,'confirm','{"n_neighbors":4}','confirm',1,0,1.0,1488025249,NULL,9.51244991354060070998e-02,2.3351149993686703965e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,39,'confirm','{"n_neighbors":2}','confirm',1,1,1.0,1089105125,NULL,1.43547462197418040918e-01,2.58107199988444335758e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,40,'confirm','{"n_neighbors":3}','confirm',1,1,1.0,1089105125,NULL,1.39445215093501745373e-01,3.55104899972502607852e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,41,'confirm','{"n_neighbors":4}','confirm',1,1,1.0,1089105125,NULL,1.42578081969924025385e-01,0.00852744500116387,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,42,'confirm','{"n_neighbors":2}','confirm',2,0,1.0,825809200,NULL,1.2812582959166313179e-01,8.78735299920663237571e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,43,'confirm','{"n_neighbors":3}','confirm',2,0,1.0,825809200,NULL,1.32541528510934425444e-01,7.91599199874326586723e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,44,'confirm','{"n_neighbors":4}','confirm',2,0,1.0,825809200,NULL,1.19814304736115331828e-01,7.50461899951915256679e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,45,'confirm','{"n_neighbors":2}','confirm',2,1,1.0,1060880620,NULL,1.39390083497393041378e-01,3.1118429997150087729e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,46,'confirm','{"n_neighbors":3}','confirm',2,1,1.0,1060880620,NULL,1.28508261732497880425e-01,3.06181899941293522715e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,47,'confirm','{"n_neighbors":4}','confirm',2,1,1.0,1060880620,NULL,1.21593689589275286144e-01,3.62190499981807079166e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,48,'confirm','{"n_neighbors":2}','confirm',3,0,1.0,113948439,NULL,1.15361558514977605161e-01,4.45309499991708435118e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,49,'confirm','{"n_neighbors":3}','confirm',3,0,1.0,113948439,NULL,1.0989669914303824838e-01,0.00708549299997685,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,50,'confirm','{"n_neighbors":4}','confirm',3,0,1.0,113948439,NULL,1.02484327483964285376e-01,8.22106800114852376282e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,51,'confirm','{"n_neighbors":2}','confirm',3,1,1.0,827697413,NULL,1.36484159173133529074e-01,3.63317099981941282749e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,52,'confirm','{"n_neighbors":3}','confirm',3,1,1.0,827697413,NULL,1.0590525570391526311e-01,8.24664599895186256617e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,53,'confirm','{"n_neighbors":4}','confirm',3,1,1.0,827697413,NULL,1.0868391788747061577e-01,7.52511900100216735154e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,54,'confirm','{"n_neighbors":2}','confirm',4,0,1.0,1724719585,NULL,1.35644423337055702871e-01,8.63510599992878269404e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,55,'confirm','{"n_neighbors":3}','confirm',4,0,1.0,1724719585,NULL,1.30345246343456261373e-01,7.57189900105004198849e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,56,'confirm','{"n_neighbors":4}','confirm',4,0,1.0,1724719585,NULL,1.31255397460705025558e-01,2.98024699986854102462e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,57,'confirm','{"n_neighbors":2}','confirm',4,1,1.0,1940709282,NULL,1.18349083596636317494e-01,1.01995900004112627357e-02,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,58,'confirm','{"n_neighbors":3}','confirm',4,1,1.0,1940709282,NULL,9.645330394049407563e-02,3.29168200005369726568e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,59,'confirm','{"n_neighbors":4}','confirm',4,1,1.0,1940709282,NULL,8.91216468945383588629e-02,3.36135600082343444228e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,60,'confirm','{"n_neighbors":2}','confirm',5,0,1.0,215951273,NULL,1.14559250487741418056e-01,0.00893076699867379,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,61,'confirm','{"n_neighbors":3}','confirm',5,0,1.0,215951273,NULL,1.00825230559381778805e-01,4.2501919997448567301e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,62,'confirm','{"n_neighbors":4}','confirm',5,0,1.0,215951273,NULL,1.03722339553804054901e-01,3.55669700002181343734e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,63,'confirm','{"n_neighbors":2}','confirm',5,1,1.0,683166457,NULL,1.17718139694131432304e-01,8.82260599973960779607e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,64,'confirm','{"n_neighbors":3}','confirm',5,1,1.0,683166457,NULL,1.17271113797904821818e-01,3.81215900051756761968e-03,NULL,'[]',NULL,NULL);
INSERT INTO "trial" VALUES(1,65,'confirm','{"n_neighbors":4}','confirm',5,1,1.0,683166457,NULL,1.09118412249913226963e-01,3.90109100044355727732e-03,NULL,'[]',NULL,NULL);
CREATE TABLE trial_losses (
	audit_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_losses_trial FOREIGN KEY(audit_id, number) REFERENCES trial (audit_id, number)
);
INSERT INTO "trial_losses" VALUES(1,0,X'7801010801F7FE5E848712E36DC53FF79586195B9FD83F3E6ACF6711926A3F7292C6FC6058DD3F4AE88ADCFE9CCE3F3801C65FF098B43F5321790E859EB83F99D7E92160E2CA3FF8578CF72A19B03F864CCC4F5BEA983EEC9E9963D8AD823FE5483A07E8CBB43FB5386B3A93D3633F73EFAA52E65AC53F53B759EDF08BB83F7B401A530162B53FD7DC5CDF9021BB3FF7DB9EBE8EAB813F93A07A10FE8DAE3FC6E0BEC590A3513F332C2237A404523FEAEC92A98468743FD1D2569E3931B93F98294BDDB08ED13F352E8C9D6B5DA13F6CD53E6336E56C3F483254C0028B523FDCA391C16DADE63F8B25C73D50C49C3F25C407B1945CB73F7477C9C9F0F5773F52FF0266129BDD3F2B438A8781C8993FDDA084D9');
INSERT INTO "trial_losses" VALUES(1,1,X'7801010801F7FE5E848712E36DC53FF79586195B9FD83F3E6ACF6711926A3F7292C6FC6058DD3F4AE88ADCFE9CCE3F3801C65FF098B43F5321790E859EB83F99D7E92160E2CA3FF8578CF72A19B03F864CCC4F5BEA983EEC9E9963D8AD823FE5483A07E8CBB43FB5386B3A93D3633F73EFAA52E65AC53F53B759EDF08BB83F7B401A530162B53FD7DC5CDF9021BB3FF7DB9EBE8EAB813F93A07A10FE8DAE3FC6E0BEC590A3513F332C2237A404523FEAEC92A98468743FD1D2569E3931B93F98294BDDB08ED13F352E8C9D6B5DA13F6CD53E6336E56C3F483254C0028B523FDCA391C16DADE63F8B25C73D50C49C3F25C407B1945CB73F7477C9C9F0F5773F52FF0266129BDD3F2B438A8781C8993FDDA084D9');
INSERT INTO "trial_losses" VALUES(1,2,X'7801010801F7FEC6B162770AD4C33FA405CB9E587AD93F44B94CA462BF043F364BA851BCC1D03F3BA27F66BD9FB33F80F5BE6FB6C4C53F9BB30DE4A8CABD3FF17AD7407F8CB03F4DF95373377F8E3F87ADAE7B7029913FE9A2EB40BDB0A03F217E9A267447D13F41364FFBCC6AB03FFAB9C8243CA6C63F4429BFC7F642BE3F7F049BC07240923F4A59018B89A0653F4A1335354ADD933FE6B141B8668D8C3F4BE9CC113DEE913F8FFF403CB1F0853F7CE23D4DAD2C643FC8D12FC3AB7E823F288FB00B7C23D43F428D253E3A4FB63FD32FA1E0796F633F850D4E27A4B06B3F964EBE4ADE58DE3F6676A35ABB0B663FCD3F14E0C718B33F3BFBC0525C25B43FC45011242675B93F27FCD4B7AFDB603FC3C07F5A');
INSERT INTO "trial_losses" VALUES(1,3,X'7801010801F7FEC9FBC41585B1C13FB50F8DE7B598F23FFA87659D24FDA13FCBFBDC2B3B3FDA3FE2703EA51483BA3F87DECCB878F3B83F9FD914B97A20A63FA2E60D244FFC8D3F8BC5136BDE48A93F9957BD690E9DC93F5A55F62CCD0EC73FE6B06261DE41D93FB9B51561A81EC33F48B88ECA2C53D23F322CFAC6EB25D23F06882262FEE79D3FCB3939558CFCB63FCA67352035979E3F9011C03637C0623F795C1224C14E9F3F39915F63CE5E863FF3F3A358FC35DB3EE792400CFC2EBE3FADEF0DA19E18E73FD3A161BCB09AD53FC921D7A10552C43F6A304BDE2317BF3FD8A957196BD3CF3F18F2669B82C3823E48C56921030CD23FB384EC473CEAC53F4CD1808988719B3F38140C159255A03F03748228');
CREATE INDEX ix_capture_model ON capture (model, id);
CREATE INDEX ix_audit_model ON audit (model, id);
COMMIT;
