BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE application (
	id INTEGER NOT NULL, 
	audit_id INTEGER NOT NULL, 
	model TEXT NOT NULL, 
	capture_id INTEGER NOT NULL, 
	applied_at DATETIME NOT NULL, 
	back BOOLEAN NOT NULL, 
	changes TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_application_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT fk_application_capture FOREIGN KEY(capture_id) REFERENCES capture (id)
);
INSERT INTO "application" VALUES(1,1,'m',2,'2026-11-26 18:15:04.090992',0,'[{"name":"n_neighbors","before":2,"after":4,"origin":"json:params.json"}]');
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
	next_due DATETIME, next_reason TEXT, repeat TEXT, p_value FLOAT, detector FLOAT, alarm BOOLEAN, settings TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_audit_capture FOREIGN KEY(capture_id) REFERENCES capture (id), 
	CONSTRAINT fk_audit_snapshot FOREIGN KEY(snapshot_digest) REFERENCES snapshot (digest), 
	CONSTRAINT ck_audit_state CHECK (state IN ('running', 'done', 'failed', 'abandoned')), 
	CONSTRAINT ck_audit_finished_at CHECK ((state = 'running') = (finished_at IS NULL)), 
	CONSTRAINT ck_audit_call CHECK (call IN ('fresh', 'stale', 'undecided')), 
	CONSTRAINT ck_audit_gain CHECK (gain_low <= gain_high), 
	CONSTRAINT ck_audit_seed CHECK (seed >= 0)
);
INSERT INTO "audit" VALUES(1,'m','done','a1e0f59cef7cd555028581ac22c66cc143a51b36bdf74e15101108f5ffe827b1',1,'ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','rows.parquet','2026-11-26 18:14:58.360247',NULL,NULL,1,'2026-11-26 18:14:58.378557','2026-11-26 18:14:59.698969',NULL,'stale','The audited setting has gone stale',1.43481134347868272138e-02,3.19833209650800288914e-03,2.54978947730656532733e-02,'squared error',1.25931529843524591706e-03,1.25931529843524597778e-01,'["n_neighbors"]',NULL,'the schedule names no time: audits are run by hand','evidence',1.36752413270793821142e-02,1.11669429983235914962e+01,0,'[{"name":"n_neighbors","call":"stale","production":2,"recommended":4,"effect":{"estimate":0.014348113434786827,"low":0.003198332096508003,"high":0.025497894773065653}}]');
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
INSERT INTO "capture" VALUES(1,'m','2026-11-26 18:14:56.812377',NULL,'[{"name":"n_neighbors","raw":"2","value":2,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
INSERT INTO "capture" VALUES(2,'m','2026-11-26 18:15:04.068241','ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','[{"name":"n_neighbors","raw":"4","value":4,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
CREATE TABLE event (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	action TEXT NOT NULL, 
	schedule TEXT NOT NULL, 
	order_id INTEGER, 
	audit_id INTEGER, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "event" VALUES(1,'2026-11-26 18:15:02.017615','order_queued','m',1,NULL,'{"why":"request","due":"2026-11-26T18:15:02.017481+00:00","missed":0}');
CREATE TABLE instance (
	id TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	version TEXT NOT NULL, 
	tick_seconds FLOAT NOT NULL, 
	last_tick FLOAT NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	audit_id INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	model TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	headline TEXT NOT NULL, 
	sentence TEXT NOT NULL, 
	state TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try DATETIME NOT NULL, 
	sent_at DATETIME, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT uq_outbox_news UNIQUE (audit_id, channel, "key"), 
	CONSTRAINT ck_outbox_state CHECK (state IN ('waiting', 'sent', 'given up')), 
	CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0)
);
INSERT INTO "outbox" VALUES(1,1,'webhook:127.0.0.1:7e38ae17','verdict','stale at first sight','m','2026-11-26 18:14:58.378557','The audited setting has gone stale','Changing n_neighbors lowers squared error by 11 % (95 % interval 3 % to 20 %), against production''s values retrained on the same rows (220 rows). The margin is 1 % of squared error.','waiting','2026-11-26 18:14:59.698969',1,'2026-11-26 18:15:30.299623',NULL,'ConnectError: Connect call failed (''127.0.0.1'', 9)');
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
  "sentence": "Changing n_neighbors lowers squared error by 11 % (95 % interval 3 % to 20 %), against production''s values retrained on the same rows (220 rows). The margin is 1 % of squared error.",
  "started_at": "2026-11-26T18:14:58.378557Z",
  "finished_at": "2026-11-26T18:14:59.698969Z",
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
    "captured_at": "2026-11-26T18:14:56.812377Z",
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
    "taken_at": "2026-11-26T18:14:58.360247Z",
    "first": null,
    "last": null
  },
  "search_rows": 110,
  "confirm_rows": 110,
  "gain": {
    "estimate": 0.014348113434786827,
    "low": 0.003198332096508003,
    "high": 0.025497894773065653
  },
  "confidence": 0.95,
  "setting_confidence": 0.95,
  "settings": [
    {
      "name": "n_neighbors",
      "production": 2,
      "recommended": 4,
      "call": "stale",
      "sentence": "carries 11 % (95 % interval 3 % to 20 %)",
      "effect": {
        "estimate": 0.014348113434786827,
        "low": 0.003198332096508003,
        "high": 0.025497894773065653
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
          "n_neighbors": 9
        },
        "search_gain": 0.03655963864040007,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.017934927860127334,
              "low": -0.017035674033450375,
              "high": 0.05290552975370504
            },
            "standard_error": 0.009172538184542521,
            "degrees_of_freedom": 10.649418875480636,
            "z_stale": 1.7666286761346492,
            "z_fresh": -1.6556822345733977,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 6.338715742625474e-05,
            "replicate_variance": 2.0748299320635862e-05
          },
          {
            "number": 2,
            "replicates": 8,
            "gain": {
              "estimate": 0.01937692814057481,
              "low": -0.004305192561613089,
              "high": 0.04305904884276271
            },
            "standard_error": 0.008568686998276051,
            "degrees_of_freedom": 22.649805167630156,
            "z_stale": 2.1241443695340134,
            "z_fresh": -1.995892893165445,
            "boundary_stale": 2.5381433141618563,
            "boundary_fresh": 2.1784286417511267,
            "example_variance": 5.737213100529551e-05,
            "replicate_variance": 1.605026586912954e-05
          },
          {
            "number": 3,
            "replicates": 12,
            "gain": {
              "estimate": 0.01809952672302034,
              "low": 0.0007523274465552274,
              "high": 0.03544672599948545
            },
            "standard_error": 0.008553930298639632,
            "degrees_of_freedom": 75.27800825843312,
            "z_stale": 2.078563791969282,
            "z_fresh": -1.9376346383987824,
            "boundary_stale": 1.9944669426479606,
            "boundary_fresh": 1.6974750699659182,
            "example_variance": 6.282537416984101e-05,
            "replicate_variance": 1.0344349384144101e-05
          }
        ],
        "excluded": false,
        "carried": false
      },
      {
        "config": {
          "n_neighbors": 4
        },
        "search_gain": 0.03153594266919823,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.013074464657360249,
              "low": -0.013905152501458207,
              "high": 0.040054081816178706
            },
            "standard_error": 0.006138114084838351,
            "degrees_of_freedom": 7.116669719941728,
            "z_stale": 1.811753928152355,
            "z_fresh": -1.6664351691474708,
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
              "low": -0.0020741424531629978,
              "high": 0.031855207518372425
            },
            "standard_error": 0.005714215130188999,
            "degrees_of_freedom": 12.659019932714825,
            "z_stale": 2.287751720365586,
            "z_fresh": -2.123978989524077,
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
              "low": 0.003198332096508003,
              "high": 0.025497894773065653
            },
            "standard_error": 0.00538850168611732,
            "degrees_of_freedom": 34.43078911927339,
            "z_stale": 2.52102180656464,
            "z_fresh": -2.316977281226795,
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
    "p_value": 0.013675241327079382,
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
          "low": 0.003198332096508003,
          "high": 0.025497894773065653
        }
      }
    ],
    "groups": [],
    "either_of": []
  },
  "search": {
    "strategy": "caviar",
    "reason": "one training of production takes 0.21 s, so 6 challengers side by side fit the budget of 20 min",
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
        "seconds": 0.20621401000062178,
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
        "seconds": 0.010187972999119665,
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
        "seconds": 0.009916938999595004,
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
        "seconds": 0.009623190000638715,
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
        "seconds": 0.005150425999090658,
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
        "seconds": 0.00833805299953383,
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
        "seconds": 0.010774609001600766,
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
        "seconds": 0.0038779370006523095,
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
        "seconds": 0.013864049000403611,
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
        "seconds": 0.009283602999857976,
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
        "seconds": 0.007695202999457251,
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
        "seconds": 0.005226720000791829,
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
        "seconds": 0.0036636469994846266,
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
        "seconds": 0.008285173998956452,
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
        "seconds": 0.0036903770014760084,
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
        "seconds": 0.008078414999545203,
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
        "loss": 0.18919909946316804,
        "seconds": 0.003963245000704774,
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
        "loss": 0.13729177858995106,
        "seconds": 0.008493534998706309,
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
        "loss": 0.13896502922285156,
        "seconds": 0.007644927998626372,
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
        "loss": 0.1001532745515975,
        "seconds": 0.008046978000493255,
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
        "loss": 0.10372536350039455,
        "seconds": 0.008168971000486636,
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
        "loss": 0.1327437622656203,
        "seconds": 0.007991605998540763,
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
        "loss": 0.14336725512589102,
        "seconds": 0.008187157000065781,
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
        "loss": 0.14709914238688912,
        "seconds": 0.00831316599942511,
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
        "loss": 0.13690307761953177,
        "seconds": 0.0030369919986696914,
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
        "loss": 0.1425016235331579,
        "seconds": 0.0028464580009313067,
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
        "loss": 0.1449039670516017,
        "seconds": 0.0026361340005678358,
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
        "loss": 0.1596969171739076,
        "seconds": 0.002739147001193487,
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
        "loss": 0.20004264547164058,
        "seconds": 0.0024088049995043548,
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
        "loss": 0.2218802267371523,
        "seconds": 0.0026445559997227974,
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
    "training_seconds": 0.7876697699994111,
    "wall_seconds": 1.320412,
    "scan_trials": 16,
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
    "p_value": 0.013675241327079382,
    "e_value": 11.166942998323591,
    "detector": 11.166942998323591,
    "alarm_at": 100.0,
    "alarm": false,
    "audits": 1,
    "models": 1,
    "sentence": "Evidence over 1 audit of these settings: 11, alarm at 100. This is the model''s first audit: its own call, stale, stands by itself at 95 % confidence.",
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
  "occasion": null,
  "held": null,
  "error": null,
  "panda": null,
  "schema_version": 1
}
');
CREATE TABLE queue (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	schedule TEXT NOT NULL, 
	model TEXT NOT NULL, 
	state TEXT NOT NULL, 
	why TEXT NOT NULL, 
	said TEXT NOT NULL, 
	due DATETIME NOT NULL, 
	missed INTEGER NOT NULL, 
	first_missed DATETIME, 
	asked TEXT NOT NULL, 
	ordered_at DATETIME NOT NULL, 
	not_before FLOAT NOT NULL, 
	attempts INTEGER NOT NULL, 
	token INTEGER NOT NULL, 
	owner TEXT, 
	lease_ends FLOAT, 
	started_at DATETIME, 
	ended_at DATETIME, 
	audit_id INTEGER, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_queue_key UNIQUE ("key"), 
	CONSTRAINT ck_queue_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'quarantined', 'skipped')), 
	CONSTRAINT ck_queue_attempts CHECK (attempts >= 0), 
	CONSTRAINT ck_queue_lease CHECK ((state = 'running') = (lease_ends IS NOT NULL))
);
INSERT INTO "queue" VALUES(1,'request 4e81e4ed9bc8400dbd12632d736c57bb','m','m','queued','request','asked for by hand','2026-11-26 18:15:02.017481',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":null}','2026-11-26 18:15:02.017615',0.0,0,0,NULL,NULL,NULL,NULL,NULL,'');
CREATE TABLE schedule (
	name TEXT NOT NULL, 
	model TEXT NOT NULL, 
	when_digest TEXT NOT NULL, 
	cursor DATETIME NOT NULL, 
	last_slot DATETIME, 
	next_due DATETIME, 
	next_reason TEXT NOT NULL, 
	paused BOOLEAN NOT NULL, 
	problem TEXT NOT NULL, 
	watched TEXT NOT NULL, 
	PRIMARY KEY (name)
);
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
INSERT INTO "trial" VALUES(1,0,'production','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,2.06214010000621783547e-01,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,1,'coarse','{"n_neighbors":2}','search',0,0,1.0,2126613973,NULL,1.22910350646083965653e-01,1.01879729991196654736e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,2,'coarse','{"n_neighbors":18}','search',0,0,1.0,2126613973,NULL,1.36140108834791523362e-01,9.91693899959500413388e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,3,'coarse','{"n_neighbors":30}','search',0,0,1.0,2126613973,NULL,0.174209575341595,9.6231900006387149915e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,4,'coarse','{"n_neighbors":5}','search',0,0,1.0,2126613973,NULL,9.63167261785418116204e-02,5.15042599909065756946e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,5,'coarse','{"n_neighbors":24}','search',0,0,1.0,2126613973,NULL,1.45098364034896454288e-01,0.00833805299953383,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,6,'fine','{"n_neighbors":2}','search',0,0,1.0,1077254362,NULL,1.22910350646083965653e-01,1.07746090016007656231e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,7,'fine','{"n_neighbors":9}','search',0,0,1.0,1077254362,NULL,1.24428272924905311547e-01,3.87793700065230950713e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,8,'fine','{"n_neighbors":4}','search',0,0,1.0,1077254362,NULL,9.60264138471825651199e-02,1.38640490004036109894e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,9,'resplit','{"n_neighbors":2}','search',1,0,1.0,1323153857,NULL,1.25987920439305706166e-01,9.28360299985797610133e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,10,'resplit','{"n_neighbors":4}','search',1,0,1.0,1323153857,NULL,9.34834780722853392331e-02,7.69520299945725128054e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,11,'resplit','{"n_neighbors":5}','search',1,0,1.0,1323153857,NULL,9.11043390802735442157e-02,5.22672000079182907938e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,12,'resplit','{"n_neighbors":9}','search',1,0,1.0,1323153857,NULL,1.07550004764963458292e-01,3.6636469994846265763e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,13,'resplit','{"n_neighbors":18}','search',1,0,1.0,1323153857,NULL,1.19707845707451868144e-01,8.28517399895645212382e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,14,'resplit','{"n_neighbors":24}','search',1,0,1.0,1323153857,NULL,1.10736846084535281442e-01,3.69037700147600844502e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,15,'resplit','{"n_neighbors":30}','search',1,0,1.0,1323153857,NULL,1.20102670642828493474e-01,8.07841499954520259052e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,16,'resplit','{"n_neighbors":2}','search',2,0,1.0,1575796487,NULL,1.89199099463168041168e-01,3.96324500070477370172e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,17,'resplit','{"n_neighbors":4}','search',2,0,1.0,1575796487,NULL,1.37291778589951063427e-01,8.49353499870630912482e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,18,'resplit','{"n_neighbors":5}','search',2,0,1.0,1575796487,NULL,1.38965029222851560453e-01,7.6449279986263718456e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,19,'resplit','{"n_neighbors":9}','search',2,0,1.0,1575796487,NULL,1.00153274551597504249e-01,8.04697800049325451254e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,20,'resplit','{"n_neighbors":18}','search',2,0,1.0,1575796487,NULL,1.03725363500394546223e-01,8.16897100048663560301e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,21,'resplit','{"n_neighbors":24}','search',2,0,1.0,1575796487,NULL,1.32743762265620290907e-01,7.99160599854076281189e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,22,'resplit','{"n_neighbors":30}','search',2,0,1.0,1575796487,NULL,1.43367255125891018829e-01,8.18715700006578117609e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,23,'resplit','{"n_neighbors":2}','search',3,0,1.0,1557000082,NULL,1.47099142386889120137e-01,0.00831316599942511,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,24,'resplit','{"n_neighbors":4}','search',3,0,1.0,1557000082,NULL,1.36903077619531771125e-01,3.03699199866969138383e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,25,'resplit','{"n_neighbors":5}','search',3,0,1.0,1557000082,NULL,1.42501623533157900647e-01,2.84645800093130674213e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,26,'resplit','{"n_neighbors":9}','search',3,0,1.0,1557000082,NULL,1.44903967051601689774e-01,2.63613400056783575564e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,27,'resplit','{"n_neighbors":18}','search',3,0,1.0,1557000082,NULL,1.59696917173907604325e-01,2.7391470011934870854e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,28,'resplit','{"n_neighbors":24}','search',3,0,1.0,1557000082,NULL,2.00042645471640578858e-01,2.4088049995043547824e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,29,'resplit','{"n_neighbors":30}','search',3,0,1.0,1557000082,NULL,2.21880226737152297378e-01,2.6445559997227974236e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,30,'canary','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,0.00427005200072017,NULL,'[]',NULL,NULL,'canary');
INSERT INTO "trial" VALUES(1,31,'confirm','{"n_neighbors":2}','confirm',0,0,1.0,1178103908,NULL,1.34634172154431908108e-01,0.00966623400017852,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,32,'confirm','{"n_neighbors":9}','confirm',0,0,1.0,1178103908,NULL,1.2384948150002021705e-01,3.85942899993096943944e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,33,'confirm','{"n_neighbors":4}','confirm',0,0,1.0,1178103908,NULL,1.27863226396933732376e-01,3.53434399949037469923e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,34,'confirm','{"n_neighbors":2}','confirm',0,1,1.0,1563598016,NULL,1.15387286247851328369e-01,4.65229300061764661222e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,35,'confirm','{"n_neighbors":9}','confirm',0,1,1.0,1563598016,NULL,7.84604723169555345885e-02,3.22430200139933731406e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,36,'confirm','{"n_neighbors":4}','confirm',0,1,1.0,1563598016,NULL,8.764115354680312997e-02,9.19747500120138283818e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,37,'confirm','{"n_neighbors":2}','confirm',1,0,1.0,1488025249,NULL,1.11976909629861592909e-01,9.59091199911199510097e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,38,'confirm','{"n_neighbors":9}','confirm',1,0,1.0,1488025249,NULL,9.5459059453012432006e-02,8.10265099971729796379e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,39,'confirm','{"n_neighbors":4}','confirm',1,0,1.0,1488025249,NULL,9.51244991354060070998e-02,0.0048608429988235,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,40,'confirm','{"n_neighbors":2}','confirm',1,1,1.0,1089105125,NULL,1.43547462197418040918e-01,5.23767599952407181262e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,41,'confirm','{"n_neighbors":9}','confirm',1,1,1.0,1089105125,NULL,1.38618653978091643796e-01,4.34663699888915289193e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,42,'confirm','{"n_neighbors":4}','confirm',1,1,1.0,1089105125,NULL,1.42578081969924025385e-01,7.71232900115137454122e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,43,'confirm','{"n_neighbors":2}','confirm',2,0,1.0,825809200,NULL,1.2812582959166313179e-01,4.5606960011355113238e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,44,'confirm','{"n_neighbors":9}','confirm',2,0,1.0,825809200,NULL,1.2662877020639806691e-01,3.37331399896356742829e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,45,'confirm','{"n_neighbors":4}','confirm',2,0,1.0,825809200,NULL,1.19814304736115331828e-01,4.27748400034033693373e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,46,'confirm','{"n_neighbors":2}','confirm',2,1,1.0,1060880620,NULL,1.39390083497393041378e-01,3.2516619994567008689e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,47,'confirm','{"n_neighbors":9}','confirm',2,1,1.0,1060880620,NULL,1.02435738703377118841e-01,2.61256900012085679918e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,48,'confirm','{"n_neighbors":4}','confirm',2,1,1.0,1060880620,NULL,1.21593689589275286144e-01,4.72752499990747310221e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,49,'confirm','{"n_neighbors":2}','confirm',3,0,1.0,113948439,NULL,1.15361558514977605161e-01,5.22963399998843669891e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,50,'confirm','{"n_neighbors":9}','confirm',3,0,1.0,113948439,NULL,1.06443644597943740115e-01,8.27578999997058417648e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,51,'confirm','{"n_neighbors":4}','confirm',3,0,1.0,113948439,NULL,1.02484327483964285376e-01,3.51047799995285458862e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,52,'confirm','{"n_neighbors":2}','confirm',3,1,1.0,827697413,NULL,1.36484159173133529074e-01,9.960643999875173904e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,53,'confirm','{"n_neighbors":9}','confirm',3,1,1.0,827697413,NULL,9.79962151263328723471e-02,5.27278900153760332614e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,54,'confirm','{"n_neighbors":4}','confirm',3,1,1.0,827697413,NULL,1.0868391788747061577e-01,8.57697900028142612427e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,55,'confirm','{"n_neighbors":2}','confirm',4,0,1.0,1724719585,NULL,1.35644423337055702871e-01,0.00988099500136741,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,56,'confirm','{"n_neighbors":9}','confirm',4,0,1.0,1724719585,NULL,1.22400605927966352193e-01,4.25760399957653135061e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,57,'confirm','{"n_neighbors":4}','confirm',4,0,1.0,1724719585,NULL,1.31255397460705025558e-01,1.03875610002432949841e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,58,'confirm','{"n_neighbors":2}','confirm',4,1,1.0,1940709282,NULL,1.18349083596636317494e-01,9.83243299924652092158e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,59,'confirm','{"n_neighbors":9}','confirm',4,1,1.0,1940709282,NULL,0.0908348669867675,8.57638800152926705777e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,60,'confirm','{"n_neighbors":4}','confirm',4,1,1.0,1940709282,NULL,8.91216468945383588629e-02,1.32971719995111925527e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,61,'confirm','{"n_neighbors":2}','confirm',5,0,1.0,215951273,NULL,1.14559250487741418056e-01,3.88682000084372702986e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,62,'confirm','{"n_neighbors":9}','confirm',5,0,1.0,215951273,NULL,9.6197465321837274943e-02,1.03203010003198869526e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,63,'confirm','{"n_neighbors":4}','confirm',5,0,1.0,215951273,NULL,1.03722339553804054901e-01,1.28134809983748709782e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,64,'confirm','{"n_neighbors":2}','confirm',5,1,1.0,683166457,NULL,1.17718139694131432304e-01,9.06676999875344336032e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,65,'confirm','{"n_neighbors":9}','confirm',5,1,1.0,683166457,NULL,1.14659063327348112459e-01,0.00715792099981627,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,66,'confirm','{"n_neighbors":4}','confirm',5,1,1.0,683166457,NULL,1.09118412249913226963e-01,5.64132799991057254374e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,67,'scan','{"n_neighbors":3}','confirm',0,0,1.0,1178103908,NULL,1.32784451956049709409e-01,1.33921350006858119741e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,68,'scan','{"n_neighbors":5}','confirm',0,0,1.0,1178103908,NULL,1.37412872880505548822e-01,6.0097679997852537781e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,69,'scan','{"n_neighbors":7}','confirm',0,0,1.0,1178103908,NULL,1.31512204300517243638e-01,1.25088770000729709863e-02,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,70,'scan','{"n_neighbors":16}','confirm',0,0,1.0,1178103908,NULL,1.17369796050465727277e-01,0.00797683299970231,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,71,'scan','{"n_neighbors":3}','confirm',0,1,1.0,1563598016,NULL,1.06085662702674082824e-01,9.89943299828155431896e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,72,'scan','{"n_neighbors":5}','confirm',0,1,1.0,1563598016,NULL,7.76190555788298375272e-02,9.23528200110013131052e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,73,'scan','{"n_neighbors":7}','confirm',0,1,1.0,1563598016,NULL,7.38330969777501594508e-02,5.27052500001445878297e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,74,'scan','{"n_neighbors":16}','confirm',0,1,1.0,1563598016,NULL,9.44048292711815728583e-02,8.77294199926836881786e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,75,'scan','{"n_neighbors":3}','confirm',1,0,1.0,1488025249,NULL,1.01937892747458860864e-01,5.19197799985704477876e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,76,'scan','{"n_neighbors":5}','confirm',1,0,1.0,1488025249,NULL,0.0984171483642572,0.00931519100049627,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,77,'scan','{"n_neighbors":7}','confirm',1,0,1.0,1488025249,NULL,9.40460475283835251048e-02,9.52760700056387577205e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,78,'scan','{"n_neighbors":16}','confirm',1,0,1.0,1488025249,NULL,9.7592690452773037113e-02,9.37104399963573087006e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,79,'scan','{"n_neighbors":3}','confirm',1,1,1.0,1089105125,NULL,1.39445215093501745373e-01,0.00885572500010312,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,80,'scan','{"n_neighbors":5}','confirm',1,1,1.0,1089105125,NULL,1.4082826793769737117e-01,9.82064500021806452423e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,81,'scan','{"n_neighbors":7}','confirm',1,1,1.0,1089105125,NULL,0.142700100281797,4.90865499887149780988e-03,NULL,'[]',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,82,'scan','{"n_neighbors":16}','confirm',1,1,1.0,1089105125,NULL,1.36084128200653492468e-01,9.61761200051114428788e-03,NULL,'[]',NULL,NULL,NULL);
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
CREATE INDEX ix_outbox_due ON outbox (channel, state, next_try);
CREATE INDEX ix_outbox_model ON outbox (model, channel, id);
CREATE INDEX ix_audit_started_at ON audit (model, started_at);
CREATE INDEX ix_schedule_next_due ON schedule (next_due);
CREATE INDEX ix_queue_state ON queue (state, not_before);
CREATE INDEX ix_queue_model ON queue (model, id);
CREATE UNIQUE INDEX ux_queue_running ON queue (model) WHERE state = 'running';
CREATE INDEX ix_event_schedule ON event (schedule, id);
CREATE INDEX ix_application_model ON application (model, id);
COMMIT;
