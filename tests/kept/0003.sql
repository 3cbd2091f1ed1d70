BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
	next_due DATETIME, next_reason TEXT, repeat TEXT, p_value FLOAT, detector FLOAT, alarm BOOLEAN, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_audit_capture FOREIGN KEY(capture_id) REFERENCES capture (id), 
	CONSTRAINT fk_audit_snapshot FOREIGN KEY(snapshot_digest) REFERENCES snapshot (digest), 
	CONSTRAINT ck_audit_state CHECK (state IN ('running', 'done', 'failed', 'abandoned')), 
	CONSTRAINT ck_audit_finished_at CHECK ((state = 'running') = (finished_at IS NULL)), 
	CONSTRAINT ck_audit_call CHECK (call IN ('fresh', 'stale', 'undecided')), 
	CONSTRAINT ck_audit_gain CHECK (gain_low <= gain_high), 
	CONSTRAINT ck_audit_seed CHECK (seed >= 0)
);
INSERT INTO "audit" VALUES(1,'m','done','a1e0f59cef7cd555028581ac22c66cc143a51b36bdf74e15101108f5ffe827b1',1,'ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','rows.parquet','2026-11-26 18:14:30.972215',NULL,NULL,1,'2026-11-26 18:14:30.982569','2026-11-26 18:14:31.781982',NULL,'stale','The audited setting has gone stale',1.43481134347868272138e-02,2.23809483347193506619e-03,2.64581320361017210962e-02,'squared error',1.25931529843524591706e-03,1.25931529843524597778e-01,'["n_neighbors"]',NULL,'the schedule names no time: audits are run by hand','evidence',2.42368959937605508991e-02,7.00330539499658,0);
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
INSERT INTO "capture" VALUES(1,'m','2026-11-26 18:14:29.486811',NULL,'[{"name":"n_neighbors","raw":"2","value":2,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
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
  "started_at": "2026-11-26T18:14:30.982569Z",
  "finished_at": "2026-11-26T18:14:31.781982Z",
  "metric": "squared_error",
  "unit": "squared error",
  "policy": {
    "metric": "squared_error",
    "margin": {
      "value": 0.01,
      "relative": true
    },
    "confidence": 0.95,
    "repeat": "evidence"
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
    "captured_at": "2026-11-26T18:14:29.486811Z",
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
    "taken_at": "2026-11-26T18:14:30.972215Z",
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
      "range": [
        2.0,
        16.0
      ],
      "safe_range": null,
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
          "n_neighbors": 5
        },
        "search_gain": 0.012141748935507684,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.01519442587339354,
              "low": -0.026307865005663525,
              "high": 0.05669671675245061
            },
            "standard_error": 0.007749564742108339,
            "degrees_of_freedom": 5.0,
            "z_stale": 1.6109323678680103,
            "z_fresh": -1.5035114004980696,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 3.200739876826409e-05,
            "replicate_variance": 2.804835492386459e-05
          },
          {
            "number": 2,
            "replicates": 8,
            "gain": {
              "estimate": 0.016318997857970374,
              "low": -0.006672601182231806,
              "high": 0.03931059689817255
            },
            "standard_error": 0.006723835786994782,
            "degrees_of_freedom": 7.0,
            "z_stale": 1.9989062529888537,
            "z_fresh": -1.877943813171778,
            "boundary_stale": 2.5381433141618563,
            "boundary_fresh": 2.1784286417511267,
            "example_variance": 2.9709375323818838e-05,
            "replicate_variance": 1.5500592366652895e-05
          },
          {
            "number": 3,
            "replicates": 12,
            "gain": {
              "estimate": 0.015685572712059184,
              "low": 0.00099408340340793,
              "high": 0.030377062020710437
            },
            "standard_error": 0.006537158820106701,
            "degrees_of_freedom": 11.0,
            "z_stale": 2.1052793827814424,
            "z_fresh": -1.964312394664081,
            "boundary_stale": 1.9944669426479606,
            "boundary_fresh": 1.6974750699659182,
            "example_variance": 3.3473195238640626e-05,
            "replicate_variance": 9.261250200658211e-06
          }
        ],
        "excluded": false,
        "carried": false
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
        "excluded": false,
        "carried": false
      }
    ],
    "winner": 1,
    "reason": "the evidence for a gain passed its boundary at look 3 of 3",
    "margin": 0.001259315298435246,
    "production_loss": 0.1259315298435246,
    "p_value": 0.02423689599376055,
    "more_replicates": null,
    "more_rows": null,
    "failed": 0
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
    "reason": "one training of production takes 0.17 s, so 6 challengers side by side fit the budget of 20 min",
    "space": [
      {
        "name": "n_neighbors",
        "scale": "log",
        "low": 2.0,
        "high": 50.0,
        "integer": true,
        "choices": null,
        "defaulted": false,
        "warning": "production''s value 2 is an end of its range: better ones below it go unseen",
        "declared_low": null,
        "declared_high": null,
        "grown": null
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
        "seconds": 0.17373244400005206,
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
        "seconds": 0.0052376060011738446,
        "failure": null,
        "curve": []
      },
      {
        "id": 2,
        "round": "coarse",
        "config": {
          "n_neighbors": 18
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.13614010883479152,
        "seconds": 0.0034819159991457127,
        "failure": null,
        "curve": []
      },
      {
        "id": 3,
        "round": "coarse",
        "config": {
          "n_neighbors": 30
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.174209575341595,
        "seconds": 0.0032005659995775204,
        "failure": null,
        "curve": []
      },
      {
        "id": 4,
        "round": "coarse",
        "config": {
          "n_neighbors": 5
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.09631672617854181,
        "seconds": 0.0028526170008262852,
        "failure": null,
        "curve": []
      },
      {
        "id": 5,
        "round": "coarse",
        "config": {
          "n_neighbors": 24
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 0.14509836403489645,
        "seconds": 0.006717214000673266,
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
        "seconds": 0.0034245700007886626,
        "failure": null,
        "curve": []
      },
      {
        "id": 7,
        "round": "fine",
        "config": {
          "n_neighbors": 9
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1077254362,
        "loss": 0.12442827292490531,
        "seconds": 0.0028221310003573308,
        "failure": null,
        "curve": []
      },
      {
        "id": 8,
        "round": "fine",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1077254362,
        "loss": 0.09602641384718257,
        "seconds": 0.0030725649994565174,
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
        "seconds": 0.0034836979993997375,
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
        "seconds": 0.0026261679995513987,
        "failure": null,
        "curve": []
      },
      {
        "id": 11,
        "round": "resplit",
        "config": {
          "n_neighbors": 5
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.09110433908027354,
        "seconds": 0.00251417199979187,
        "failure": null,
        "curve": []
      },
      {
        "id": 12,
        "round": "resplit",
        "config": {
          "n_neighbors": 9
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.10755000476496346,
        "seconds": 0.00260784199963382,
        "failure": null,
        "curve": []
      },
      {
        "id": 13,
        "round": "resplit",
        "config": {
          "n_neighbors": 18
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.11970784570745187,
        "seconds": 0.0025319680007669376,
        "failure": null,
        "curve": []
      },
      {
        "id": 14,
        "round": "resplit",
        "config": {
          "n_neighbors": 24
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.11073684608453528,
        "seconds": 0.0024622450000606477,
        "failure": null,
        "curve": []
      },
      {
        "id": 15,
        "round": "resplit",
        "config": {
          "n_neighbors": 30
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 0.1201026706428285,
        "seconds": 0.002413652000541333,
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
        "seconds": 0.0027211610013182508,
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
        "seconds": 0.010727938999480102,
        "failure": null,
        "curve": []
      },
      {
        "id": 18,
        "round": "resplit",
        "config": {
          "n_neighbors": 5
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.12773648196833406,
        "seconds": 0.008211252999899443,
        "failure": null,
        "curve": []
      },
      {
        "id": 19,
        "round": "resplit",
        "config": {
          "n_neighbors": 9
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.1457311164114328,
        "seconds": 0.0030209080014174106,
        "failure": null,
        "curve": []
      },
      {
        "id": 20,
        "round": "resplit",
        "config": {
          "n_neighbors": 18
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.1561477429935971,
        "seconds": 0.0037677420004911255,
        "failure": null,
        "curve": []
      },
      {
        "id": 21,
        "round": "resplit",
        "config": {
          "n_neighbors": 24
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.19513956323618895,
        "seconds": 0.002924524000263773,
        "failure": null,
        "curve": []
      },
      {
        "id": 22,
        "round": "resplit",
        "config": {
          "n_neighbors": 30
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 1575796487,
        "loss": 0.20560225502877932,
        "seconds": 0.002851465000276221,
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
        "seconds": 0.008745159999307361,
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
        "seconds": 0.007808983000359149,
        "failure": null,
        "curve": []
      },
      {
        "id": 25,
        "round": "resplit",
        "config": {
          "n_neighbors": 5
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.13828139764097136,
        "seconds": 0.007328735999180935,
        "failure": null,
        "curve": []
      },
      {
        "id": 26,
        "round": "resplit",
        "config": {
          "n_neighbors": 9
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.15460516892753326,
        "seconds": 0.007537147999755689,
        "failure": null,
        "curve": []
      },
      {
        "id": 27,
        "round": "resplit",
        "config": {
          "n_neighbors": 18
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.1709643398871959,
        "seconds": 0.008193486999516608,
        "failure": null,
        "curve": []
      },
      {
        "id": 28,
        "round": "resplit",
        "config": {
          "n_neighbors": 24
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.19492030578558678,
        "seconds": 0.007354164999924251,
        "failure": null,
        "curve": []
      },
      {
        "id": 29,
        "round": "resplit",
        "config": {
          "n_neighbors": 30
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 1557000082,
        "loss": 0.2093528188698417,
        "seconds": 0.005260720001388108,
        "failure": null,
        "curve": []
      }
    ],
    "transferred": 0
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
    "training_seconds": 0.5013489880093402,
    "wall_seconds": 0.799413,
    "scan_trials": 12,
    "explain_trials": 1
  },
  "environment_changes": [],
  "code_changes": [],
  "next_audit": {
    "due": null,
    "reason": "the schedule names no time: audits are run by hand",
    "hazard": null,
    "times_stale": null,
    "months": null,
    "interval_days": null,
    "limit": null
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
    "command": "auditor run m --seed 1",
    "layout": {
      "digest": "ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016",
      "target": "y",
      "seed": 1,
      "time": null,
      "group": null,
      "drop": [],
      "classes": false,
      "confirm_share": 0.5,
      "validation_share": 0.3,
      "subsample": 0.8,
      "first_row": 0,
      "fit_rows": null,
      "units": null
    },
    "trainer": {
      "kind": "sklearn",
      "entry": "sklearn.neighbors:KNeighborsRegressor",
      "fixed": {},
      "options": {}
    }
  },
  "notes": [
    "search.n_neighbors: production''s value 2 is an end of its range: better ones below it go unseen"
  ],
  "drift": null,
  "repeated": {
    "policy": "evidence",
    "number": 1,
    "to_the_end": false,
    "counted": true,
    "reason": "it brings 110 confirming rows that no earlier audit looked at",
    "new_rows": 110,
    "p_value": 0.02423689599376055,
    "e_value": 7.00330539499658,
    "detector": 7.00330539499658,
    "alarm_at": 100.0,
    "alarm": false,
    "audits": 1,
    "models": 1,
    "sentence": "Evidence over 1 audit of these settings: 7, alarm at 100. This is the model''s first audit: its own call, stale, stands by itself at 95 % confidence.",
    "promise": "While no other settings are better, a false alarm comes on average no more often than once in 100 audits.",
    "carried": []
  },
  "change": null,
  "cause": {
    "call": "undetermined",
    "sentence": "Why it went stale cannot be told: no rows from when production was tuned are on record.",
    "certain": false,
    "reference": null,
    "gain_then": null,
    "gain_now": null,
    "difference": null,
    "gain_full": null,
    "fitted_rows": null,
    "fitted_rows_full": null,
    "next_step": "the rows of this audit are kept for the next one; `auditor capture m` files those that production is tuned on"
  },
  "canary": {
    "call": "unknown",
    "reason": "This is the first audit of these production settings: a training of them is kept for later ones; it comes out the same to the bit.",
    "audit_id": null,
    "expected": null,
    "found": null,
    "tolerance": null,
    "replays": 2,
    "deterministic": true
  },
  "retrain_gain": null,
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
	failure_message TEXT, stands_on TEXT, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT ck_trial_number CHECK (number >= 0), 
	CONSTRAINT ck_trial_part CHECK (part IN ('search', 'confirm')), 
	CONSTRAINT ck_trial_fidelity CHECK (fidelity > 0 AND fidelity <= 1), 
	CONSTRAINT ck_trial_seconds CHECK (seconds >= 0), 
	CONSTRAINT ck_trial_failure CHECK ((failure_kind IS NULL) = (failure_message IS NULL)), 
	CONSTRAINT ck_trial_loss CHECK (failure_kind IS NULL OR loss IS NULL)
);
INSERT INTO "trial" VALUES(1,0,'production','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,1.73732444000052055343e-01,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,1,'coarse','{"n_neighbors":2}','search',0,0,1.0,2126613973,NULL,1.22910350646083965653e-01,5.23760600117384456098e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,2,'coarse','{"n_neighbors":18}','search',0,0,1.0,2126613973,NULL,1.36140108834791523362e-01,3.48191599914571270346e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,3,'coarse','{"n_neighbors":30}','search',0,0,1.0,2126613973,NULL,0.174209575341595,3.20056599957752041518e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,4,'coarse','{"n_neighbors":5}','search',0,0,1.0,2126613973,NULL,9.63167261785418116204e-02,2.85261700082628522068e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,5,'coarse','{"n_neighbors":24}','search',0,0,1.0,2126613973,NULL,1.45098364034896454288e-01,6.7172140006732661277e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,6,'fine','{"n_neighbors":2}','search',0,0,1.0,1077254362,NULL,1.22910350646083965653e-01,3.42457000078866258263e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,7,'fine','{"n_neighbors":9}','search',0,0,1.0,1077254362,NULL,1.24428272924905311547e-01,2.82213100035733077675e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,8,'fine','{"n_neighbors":4}','search',0,0,1.0,1077254362,NULL,9.60264138471825651199e-02,3.07256499945651739835e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,9,'resplit','{"n_neighbors":2}','search',1,0,1.0,1323153857,NULL,1.25987920439305706166e-01,3.48369799939973745495e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,10,'resplit','{"n_neighbors":4}','search',1,0,1.0,1323153857,NULL,9.34834780722853392331e-02,2.62616799955139867961e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,11,'resplit','{"n_neighbors":5}','search',1,0,1.0,1323153857,NULL,9.11043390802735442157e-02,0.00251417199979187,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,12,'resplit','{"n_neighbors":9}','search',1,0,1.0,1323153857,NULL,1.07550004764963458292e-01,0.00260784199963382,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,13,'resplit','{"n_neighbors":18}','search',1,0,1.0,1323153857,NULL,1.19707845707451868144e-01,2.53196800076693762093e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,14,'resplit','{"n_neighbors":24}','search',1,0,1.0,1323153857,NULL,1.10736846084535281442e-01,2.46224500006064772605e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,15,'resplit','{"n_neighbors":30}','search',1,0,1.0,1323153857,NULL,1.20102670642828493474e-01,2.41365200054133310914e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,16,'resplit','{"n_neighbors":2}','search',2,0,1.0,1575796487,NULL,1.19081603632450030993e-01,2.72116100131825078278e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,17,'resplit','{"n_neighbors":4}','search',2,0,1.0,1575796487,NULL,1.26699293510346810975e-01,1.07279389994801022112e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,18,'resplit','{"n_neighbors":5}','search',2,0,1.0,1575796487,NULL,1.27736481968334064651e-01,8.21125299989944323897e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,19,'resplit','{"n_neighbors":9}','search',2,0,1.0,1575796487,NULL,1.45731116411432798374e-01,3.02090800141741055995e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,20,'resplit','{"n_neighbors":18}','search',2,0,1.0,1575796487,NULL,1.56147742993597099525e-01,3.76774200049112550914e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,21,'resplit','{"n_neighbors":24}','search',2,0,1.0,1575796487,NULL,1.95139563236188945394e-01,2.92452400026377290487e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,22,'resplit','{"n_neighbors":30}','search',2,0,1.0,1575796487,NULL,2.05602255028779323797e-01,2.8514650002762209624e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,23,'resplit','{"n_neighbors":2}','search',3,0,1.0,1557000082,NULL,1.48477941424346282506e-01,8.74515999930736143141e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,24,'resplit','{"n_neighbors":4}','search',3,0,1.0,1557000082,NULL,1.49469089505740754253e-01,7.80898300035914871841e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,25,'resplit','{"n_neighbors":5}','search',3,0,1.0,1557000082,NULL,1.38281397640971359663e-01,7.32873599918093532323e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,26,'resplit','{"n_neighbors":9}','search',3,0,1.0,1557000082,NULL,1.54605168927533259681e-01,7.53714799975568894296e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,27,'resplit','{"n_neighbors":18}','search',3,0,1.0,1557000082,NULL,1.7096433988719589303e-01,8.19348699951660819351e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,28,'resplit','{"n_neighbors":24}','search',3,0,1.0,1557000082,NULL,1.94920305785586778224e-01,7.35416499992425087839e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,29,'resplit','{"n_neighbors":30}','search',3,0,1.0,1557000082,NULL,2.09352818869841694748e-01,5.26072000138810835778e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,30,'canary','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,7.72554799914360046386e-03,NULL,'[]',NULL,NULL,'canary');
INSERT INTO "trial" VALUES(1,31,'confirm','{"n_neighbors":2}','confirm',0,0,1.0,1178103908,NULL,1.34634172154431908108e-01,4.78097500126750674098e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,32,'confirm','{"n_neighbors":5}','confirm',0,0,1.0,1178103908,NULL,1.37412872880505548822e-01,3.50028399952861946076e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,33,'confirm','{"n_neighbors":4}','confirm',0,0,1.0,1178103908,NULL,1.27863226396933732376e-01,2.80064899925491772592e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,34,'confirm','{"n_neighbors":2}','confirm',0,1,1.0,1563598016,NULL,1.15387286247851328369e-01,2.87428899900987744331e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,35,'confirm','{"n_neighbors":5}','confirm',0,1,1.0,1563598016,NULL,7.76190555788298375272e-02,0.00412023800163297,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,36,'confirm','{"n_neighbors":4}','confirm',0,1,1.0,1563598016,NULL,8.764115354680312997e-02,3.31806099893583450466e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,37,'confirm','{"n_neighbors":2}','confirm',1,0,1.0,1488025249,NULL,1.11976909629861592909e-01,3.88943400139396544545e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,38,'confirm','{"n_neighbors":5}','confirm',1,0,1.0,1488025249,NULL,0.0984171483642572,2.8353709985822206363e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,39,'confirm','{"n_neighbors":4}','confirm',1,0,1.0,1488025249,NULL,9.51244991354060070998e-02,2.53811699985817540436e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,40,'confirm','{"n_neighbors":2}','confirm',1,1,1.0,1089105125,NULL,1.43547462197418040918e-01,2.69239699991885572671e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,41,'confirm','{"n_neighbors":5}','confirm',1,1,1.0,1089105125,NULL,1.4082826793769737117e-01,2.48437700065551325678e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,42,'confirm','{"n_neighbors":4}','confirm',1,1,1.0,1089105125,NULL,1.42578081969924025385e-01,2.53427200004807673394e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,43,'confirm','{"n_neighbors":2}','confirm',2,0,1.0,825809200,NULL,1.2812582959166313179e-01,2.79832600062945857644e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,44,'confirm','{"n_neighbors":5}','confirm',2,0,1.0,825809200,NULL,1.1609508198147250324e-01,2.98498400115931872278e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,45,'confirm','{"n_neighbors":4}','confirm',2,0,1.0,825809200,NULL,1.19814304736115331828e-01,2.56513800013635773211e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,46,'confirm','{"n_neighbors":2}','confirm',2,1,1.0,1060880620,NULL,1.39390083497393041378e-01,2.73640300110855605453e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,47,'confirm','{"n_neighbors":5}','confirm',2,1,1.0,1060880620,NULL,1.11522761335495268486e-01,2.50697099909302778542e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,48,'confirm','{"n_neighbors":4}','confirm',2,1,1.0,1060880620,NULL,1.21593689589275286144e-01,3.46844500018050894141e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,49,'confirm','{"n_neighbors":2}','confirm',3,0,1.0,113948439,NULL,1.15361558514977605161e-01,1.32755510003335075452e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,50,'confirm','{"n_neighbors":5}','confirm',3,0,1.0,113948439,NULL,1.02454413953662643033e-01,8.7477439992653671652e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,51,'confirm','{"n_neighbors":4}','confirm',3,0,1.0,113948439,NULL,1.02484327483964285376e-01,8.19033299922011792659e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,52,'confirm','{"n_neighbors":2}','confirm',3,1,1.0,827697413,NULL,1.36484159173133529074e-01,3.71090699991327710449e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,53,'confirm','{"n_neighbors":5}','confirm',3,1,1.0,827697413,NULL,1.10005876111046729803e-01,3.48023400147212669253e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,54,'confirm','{"n_neighbors":4}','confirm',3,1,1.0,827697413,NULL,1.0868391788747061577e-01,3.58454900015203747898e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,55,'confirm','{"n_neighbors":2}','confirm',4,0,1.0,1724719585,NULL,1.35644423337055702871e-01,8.46583299971825908869e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,56,'confirm','{"n_neighbors":5}','confirm',4,0,1.0,1724719585,NULL,1.22513397602884197001e-01,1.20440930004406254738e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,57,'confirm','{"n_neighbors":4}','confirm',4,0,1.0,1724719585,NULL,1.31255397460705025558e-01,4.05916700037778355181e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,58,'confirm','{"n_neighbors":2}','confirm',4,1,1.0,1940709282,NULL,1.18349083596636317494e-01,2.92105900007300078868e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,59,'confirm','{"n_neighbors":5}','confirm',4,1,1.0,1940709282,NULL,9.29353828681015597945e-02,2.51819799996155779808e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,60,'confirm','{"n_neighbors":4}','confirm',4,1,1.0,1940709282,NULL,8.91216468945383588629e-02,2.57135699939681217074e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,61,'confirm','{"n_neighbors":2}','confirm',5,0,1.0,215951273,NULL,1.14559250487741418056e-01,3.52614199982781428843e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,62,'confirm','{"n_neighbors":5}','confirm',5,0,1.0,215951273,NULL,9.77165288901767625784e-02,2.6637150003807619214e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,63,'confirm','{"n_neighbors":4}','confirm',5,0,1.0,215951273,NULL,1.03722339553804054901e-01,2.54984499952115584164e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,64,'confirm','{"n_neighbors":2}','confirm',5,1,1.0,683166457,NULL,1.17718139694131432304e-01,2.88722799996321555227e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,65,'confirm','{"n_neighbors":5}','confirm',5,1,1.0,683166457,NULL,1.1543069807345510136e-01,2.59674500011897180229e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,66,'confirm','{"n_neighbors":4}','confirm',5,1,1.0,683166457,NULL,1.09118412249913226963e-01,2.5605210012145107612e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,67,'scan','{"n_neighbors":3}','confirm',0,0,1.0,1178103908,NULL,1.32784451956049709409e-01,2.65813599980901926755e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,68,'scan','{"n_neighbors":7}','confirm',0,0,1.0,1178103908,NULL,1.31512204300517243638e-01,2.85746400004427414387e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,69,'scan','{"n_neighbors":16}','confirm',0,0,1.0,1178103908,NULL,1.17369796050465727277e-01,2.58538799971574917435e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,70,'scan','{"n_neighbors":3}','confirm',0,1,1.0,1563598016,NULL,1.06085662702674082824e-01,2.43040700115670915693e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,71,'scan','{"n_neighbors":7}','confirm',0,1,1.0,1563598016,NULL,7.38330969777501594508e-02,0.00241716700111283,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,72,'scan','{"n_neighbors":16}','confirm',0,1,1.0,1563598016,NULL,9.44048292711815728583e-02,2.51712600038445089012e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,73,'scan','{"n_neighbors":3}','confirm',1,0,1.0,1488025249,NULL,1.01937892747458860864e-01,2.93254600001091603189e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,74,'scan','{"n_neighbors":7}','confirm',1,0,1.0,1488025249,NULL,9.40460475283835251048e-02,2.57532300020102411508e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,75,'scan','{"n_neighbors":16}','confirm',1,0,1.0,1488025249,NULL,9.7592690452773037113e-02,2.51989000025787390768e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,76,'scan','{"n_neighbors":3}','confirm',1,1,1.0,1089105125,NULL,1.39445215093501745373e-01,0.00793645299927448,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,77,'scan','{"n_neighbors":7}','confirm',1,1,1.0,1089105125,NULL,0.142700100281797,3.033457000128692016e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,78,'scan','{"n_neighbors":16}','confirm',1,1,1.0,1089105125,NULL,1.36084128200653492468e-01,3.74336599998059682548e-03,NULL,'[]',NULL,NULL,NULL);
CREATE TABLE trial_losses (
	audit_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_losses_trial FOREIGN KEY(audit_id, number) REFERENCES trial (audit_id, number)
);
INSERT INTO "trial_losses" VALUES(1,0,X'7801010801F7FE5E848712E36DC53FF79586195B9FD83F3E6ACF6711926A3F7292C6FC6058DD3F4AE88ADCFE9CCE3F3801C65FF098B43F5321790E859EB83F99D7E92160E2CA3FF8578CF72A19B03F864CCC4F5BEA983EEC9E9963D8AD823FE5483A07E8CBB43FB5386B3A93D3633F73EFAA52E65AC53F53B759EDF08BB83F7B401A530162B53FD7DC5CDF9021BB3FF7DB9EBE8EAB813F93A07A10FE8DAE3FC6E0BEC590A3513F332C2237A404523FEAEC92A98468743FD1D2569E3931B93F98294BDDB08ED13F352E8C9D6B5DA13F6CD53E6336E56C3F483254C0028B523FDCA391C16DADE63F8B25C73D50C49C3F25C407B1945CB73F7477C9C9F0F5773F52FF0266129BDD3F2B438A8781C8993FDDA084D9');
INSERT INTO "trial_losses" VALUES(1,1,X'7801010801F7FE5E848712E36DC53FF79586195B9FD83F3E6ACF6711926A3F7292C6FC6058DD3F4AE88ADCFE9CCE3F3801C65FF098B43F5321790E859EB83F99D7E92160E2CA3FF8578CF72A19B03F864CCC4F5BEA983EEC9E9963D8AD823FE5483A07E8CBB43FB5386B3A93D3633F73EFAA52E65AC53F53B759EDF08BB83F7B401A530162B53FD7DC5CDF9021BB3FF7DB9EBE8EAB813F93A07A10FE8DAE3FC6E0BEC590A3513F332C2237A404523FEAEC92A98468743FD1D2569E3931B93F98294BDDB08ED13F352E8C9D6B5DA13F6CD53E6336E56C3F483254C0028B523FDCA391C16DADE63F8B25C73D50C49C3F25C407B1945CB73F7477C9C9F0F5773F52FF0266129BDD3F2B438A8781C8993FDDA084D9');
INSERT INTO "trial_losses" VALUES(1,2,X'7801010801F7FE545BBAD4BFFCA83F8F9DB4FEFA82E83FF74D52B2DA029B3FB2B0EC7487E9CD3FEE90F5AF269DD23F10C6DDCB437BCB3FF4037D73A6C8CE3F502E7BFFC49A8A3F3A49D31F38AF743F7E760C502A8CB43F2C4EB23DB14CA03FBED41077108CE53FB6E5C8992E23863F36DD7C5AD87CD13F22A2F612C098DB3FDDA5FEAC36C8613F45AF896B605D703F30C086F6E2F96E3F799601F5C001493F5A1BD65481FC963F9B4D554B0F2F913FF843F9A797FC9A3F6522AAE6B33D753FEDA037E7425AD63FDB20E35B2A8BC33F00924A345F94A33F797070A5E84F8A3F82DBC40A4803B83F8F1657620F4DA83FB2CC0BCE7951B53F31C6A4153EA4913FEFE803EF0F06D13F26A0A253BFF0853F3DB683D6');
INSERT INTO "trial_losses" VALUES(1,3,X'7801010801F7FE47A6DD8414B4BE3F0CA21E00BD92F23F3C6DA42ED455A43F6611066BDC48D93F9D883B7E47A9C03FD58662B5E1F7BD3F95CDB54EDDCCAB3FD63F263E3E07803F21499BCB9EEDA23F77D69C9BD7EBC83F6158F24100FCC63F6B4261601B38DA3FA37A1CA7C9B6C03F970A116E252CD23F0A4E6CF06C17D03F3FED461930D2913F0FF0D1171DF9B43F6764DEE11BED953F0A56B1500658503FC37C6C78F5D8A13F1B6B0582C495813FE9186B6D342F5F3F16D490EC5DCDBB3F807DF7B1107FE53F8489A30962BBD43FD38FC3AA5F40C43FA42BCA76D0F9B93FE2662260C554CE3F15135839C85D593FE68E817E8911D03F74913DA36B55C33F507BDF4C3674A53F303284A5391F983F12D07C4D');
CREATE INDEX ix_capture_model ON capture (model, id);
CREATE INDEX ix_audit_model ON audit (model, id);
COMMIT;
