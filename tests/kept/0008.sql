BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
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
INSERT INTO "application" VALUES(1,1,'m',2,'2026-11-26 18:15:18.862846',0,'[{"name":"n_neighbors","before":2,"after":4,"origin":"json:params.json"}]');
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
INSERT INTO "audit" VALUES(1,'m','done','a1e0f59cef7cd555028581ac22c66cc143a51b36bdf74e15101108f5ffe827b1',1,'ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','rows.parquet','2026-11-26 18:15:11.447875',NULL,NULL,1,'2026-11-26 18:15:11.458558','2026-11-26 18:15:12.776023',NULL,'stale','The audited setting has gone stale',1.43481134347868272138e-02,3.19833209650800288914e-03,2.54978947730656532733e-02,'squared error',1.25931529843524591706e-03,1.25931529843524597778e-01,'["n_neighbors"]',NULL,'the schedule names no time: audits are run by hand','evidence',1.36752413270793821142e-02,1.11669429983235914962e+01,0,'[{"name":"n_neighbors","call":"stale","production":2,"recommended":4,"effect":{"estimate":0.014348113434786827,"low":0.003198332096508003,"high":0.025497894773065653}}]');
INSERT INTO "audit" VALUES(2,'live','done','9802122ebedae8eaf81ea32a4b89f161d77bbadd0b41065df0810a486d077d05',3,'0d0bdb4c8cce49d28f41a913228251d0cf269d6303478a2826c14bc0967ad178','rows.parquet','2026-11-26 18:15:28.061557','2026-01-01 00:00:00.000000','2026-01-10 03:00:00.000000',1,'2026-11-26 18:15:28.078547','2026-11-26 18:15:32.757966',NULL,'undecided','Cannot tell yet: 1 turn so far',NULL,NULL,NULL,'squared error',2.95955235843671114401e-03,2.95955235843671116136e-01,'[]',NULL,'the schedule names no time: audits are run by hand',NULL,NULL,NULL,NULL,'[{"name":"alpha","call":"undecided","production":0.0001,"recommended":0.0001,"effect":null}]');
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
INSERT INTO "capture" VALUES(1,'m','2026-11-26 18:15:10.250920',NULL,'[{"name":"n_neighbors","raw":"2","value":2,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
INSERT INTO "capture" VALUES(2,'m','2026-11-26 18:15:18.844330','ac81c6ee1ba26a8ab78c34233e0363ff2420c2f4918323cbbf041a997ab70016','[{"name":"n_neighbors","raw":"4","value":4,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
INSERT INTO "capture" VALUES(3,'live','2026-11-26 18:15:25.694856',NULL,'[{"name":"alpha","raw":"0.0001","value":0.0001,"origin":"json:panda.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.linear_model:SGDRegressor","digest":"0f52c324eb957221f94db06c6a2567f36e0df5ff750a38b7ac1c3ca03b3c372a","commit":null}');
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
INSERT INTO "event" VALUES(1,'2026-11-26 18:15:08.781853','order_queued','m',1,NULL,'{"why":"request","due":"2026-11-26T18:15:08.781853+00:00","missed":0}');
INSERT INTO "event" VALUES(2,'2026-11-26 18:15:08.789309','order_started','m',1,NULL,'{"attempt":1,"daemon":"3143c1926c73421a93b3babe7a7221fa"}');
INSERT INTO "event" VALUES(3,'2026-11-26 18:15:13.070588','order_done','m',1,1,'{"state":"done","reason":"The audited setting has gone stale","attempts":1}');
INSERT INTO "event" VALUES(4,'2026-11-26 18:15:15.521464','order_queued','m',2,NULL,'{"why":"request","due":"2026-11-26T18:15:15.521348+00:00","missed":0}');
INSERT INTO "event" VALUES(5,'2026-11-26 18:15:23.594370','order_queued','live',3,NULL,'{"why":"request","due":"2026-11-26T18:15:23.594370+00:00","missed":0}');
INSERT INTO "event" VALUES(6,'2026-11-26 18:15:23.602188','order_started','live',3,NULL,'{"attempt":1,"daemon":"1563adaa2aa2481fb2dbdbf75798f790"}');
INSERT INTO "event" VALUES(7,'2026-11-26 18:15:33.075688','order_done','live',3,2,'{"state":"done","reason":"Cannot tell yet: 1 turn so far","attempts":1}');
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
INSERT INTO "outbox" VALUES(1,1,'webhook:127.0.0.1:7e38ae17','verdict','stale at first sight','m','2026-11-26 18:15:11.458558','The audited setting has gone stale','Changing n_neighbors lowers squared error by 11 % (95 % interval 3 % to 20 %), against production''s values retrained on the same rows (220 rows). The margin is 1 % of squared error.','waiting','2026-11-26 18:15:12.776023',1,'2026-11-26 18:15:43.386651',NULL,'ConnectError: Connect call failed (''127.0.0.1'', 9)');
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
  "started_at": "2026-11-26T18:15:11.458558Z",
  "finished_at": "2026-11-26T18:15:12.776023Z",
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
    "captured_at": "2026-11-26T18:15:10.250920Z",
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
    "taken_at": "2026-11-26T18:15:11.447875Z",
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
    "reason": "one training of production takes 0.31 s, so 6 challengers side by side fit the budget of 20 min",
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
        "seconds": 0.3116716599997744,
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
        "seconds": 0.004093237999768462,
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
        "seconds": 0.0032001960007619346,
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
        "seconds": 0.002976510999360471,
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
        "seconds": 0.0023461109994968865,
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
        "seconds": 0.0021659719986928394,
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
        "seconds": 0.0032605859996692743,
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
        "seconds": 0.002300011999977869,
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
        "seconds": 0.0018875469995691674,
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
        "seconds": 0.0029169230001571123,
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
        "seconds": 0.007041708000542712,
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
        "seconds": 0.00305427800049074,
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
        "seconds": 0.0020605049994628644,
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
        "seconds": 0.0024277930006064707,
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
        "seconds": 0.003079444999457337,
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
        "seconds": 0.0032223180005530594,
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
        "seconds": 0.005552905999138602,
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
        "seconds": 0.0029026020001765573,
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
        "seconds": 0.00299127300058899,
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
        "seconds": 0.0030576030003430787,
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
        "seconds": 0.0022354860011546407,
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
        "seconds": 0.0030855240001983475,
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
        "seconds": 0.0030712829993717605,
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
        "seconds": 0.0077739499993185746,
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
        "seconds": 0.0027483710000524297,
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
        "seconds": 0.0030738269997527823,
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
        "seconds": 0.003038425000340794,
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
        "seconds": 0.002176607998990221,
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
        "seconds": 0.002390847999777179,
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
        "seconds": 0.0031673070006945636,
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
    "trial_memory": 4294967296,
    "turns": 1
  },
  "spent": {
    "search_trials": 30,
    "confirm_trials": 36,
    "attribute_trials": 0,
    "failed_trials": 0,
    "training_seconds": 0.6594432940019033,
    "wall_seconds": 1.317465,
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
      "units": null,
      "turns": 1
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
INSERT INTO "outcome" VALUES(2,'{
  "id": 2,
  "model": "live",
  "call": "undecided",
  "headline": "Cannot tell yet: 1 turn so far",
  "sentence": "Over 1 turn of one live model, nothing was shown yet of alpha: neither a gain of the margin (1 % of squared error) nor that there is none. Every further turn adds evidence.",
  "started_at": "2026-11-26T18:15:28.078547Z",
  "finished_at": "2026-11-26T18:15:32.757966Z",
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
    "model": "live",
    "settings": [
      {
        "name": "alpha",
        "raw": "0.0001",
        "value": 0.0001,
        "origin": "json:panda.json"
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
      "trainer": "sklearn.linear_model:SGDRegressor",
      "digest": "0f52c324eb957221f94db06c6a2567f36e0df5ff750a38b7ac1c3ca03b3c372a",
      "commit": null
    },
    "captured_at": "2026-11-26T18:15:25.694856Z",
    "snapshot": null,
    "id": 3
  },
  "snapshot": {
    "digest": "0d0bdb4c8cce49d28f41a913228251d0cf269d6303478a2826c14bc0967ad178",
    "rows": 220,
    "bytes": 6168,
    "columns": [
      {
        "name": "a",
        "type": "double"
      },
      {
        "name": "y",
        "type": "double"
      },
      {
        "name": "t",
        "type": "timestamp[us, tz=UTC]"
      }
    ],
    "source": "rows.parquet",
    "taken_at": "2026-11-26T18:15:28.061557Z",
    "first": "2026-01-01T00:00:00Z",
    "last": "2026-01-10T03:00:00Z"
  },
  "search_rows": 64,
  "confirm_rows": 44,
  "gain": null,
  "confidence": 0.95,
  "setting_confidence": 0.95,
  "settings": [
    {
      "name": "alpha",
      "production": 0.0001,
      "recommended": 0.0001,
      "call": "undecided",
      "sentence": "no challenge is on, and a gain of the margin is not excluded yet (down in 0 turns and up in 1 turn)",
      "effect": null,
      "range": null,
      "safe_range": null,
      "at_edge": null,
      "searched": true
    }
  ],
  "groups": [],
  "either_of": [],
  "confirmation": null,
  "attribution": null,
  "search": {
    "strategy": "panda",
    "reason": "the schedule asks for one live model, carried on turn by turn",
    "space": [
      {
        "name": "alpha",
        "scale": "log",
        "low": 1e-05,
        "high": 0.1,
        "integer": false,
        "choices": null,
        "defaulted": false,
        "warning": null,
        "declared_low": null,
        "declared_high": null,
        "grown": null
      }
    ],
    "rungs": [
      1.0
    ],
    "screened": 0.0,
    "trials": [
      {
        "id": 0,
        "round": "start",
        "config": {
          "alpha": 0.0001
        },
        "fold": "start 0.0",
        "fidelity": 1.0,
        "seed": 275033364,
        "loss": 0.2986135356863505,
        "seconds": 4.078142747999664,
        "failure": null,
        "curve": []
      },
      {
        "id": 1,
        "round": "turn",
        "config": {
          "alpha": 0.0001
        },
        "fold": "turn 0.0",
        "fidelity": 1.0,
        "seed": 535113371,
        "loss": 0.2959552358436711,
        "seconds": 0.02190246399914031,
        "failure": null,
        "curve": []
      },
      {
        "id": 2,
        "round": "turn",
        "config": {
          "alpha": 0.000631
        },
        "fold": "turn 0.1",
        "fidelity": 1.0,
        "seed": 535113371,
        "loss": 0.2959542514570051,
        "seconds": 0.01884250799957954,
        "failure": null,
        "curve": []
      }
    ],
    "transferred": 0
  },
  "budget": {
    "strategy": "panda",
    "trials": 6,
    "time": "PT20M",
    "workers": 1,
    "trial_timeout": "PT5M",
    "trial_memory": 4294967296,
    "turns": 1
  },
  "spent": {
    "search_trials": 3,
    "confirm_trials": 0,
    "attribute_trials": 0,
    "failed_trials": 0,
    "training_seconds": 4.1188877199983835,
    "wall_seconds": 4.679419,
    "scan_trials": 0,
    "explain_trials": 0
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
    "schedule": "schedules/live.toml",
    "schedule_digest": "6463a3620ad537fbc92e79b48cf8f8ecaca3dae83db44430c2cafcf09056ebab",
    "schedule_text": "[production]\nfrom = \"json:panda.json\"\n\n[data]\nsource = \"rows.parquet\"\ntarget = \"y\"\ntime = \"t\"\n\n[trainer]\nestimator = \"sklearn.linear_model:SGDRegressor\"\n\n[search.alpha]\nlow = 0.00001\nhigh = 0.1\n\n[policy]\nmetric = \"squared_error\"\n\n[budget]\ntrials = 6\nstrategy = \"panda\"\nworkers = 1\n",
    "snapshot_digest": "0d0bdb4c8cce49d28f41a913228251d0cf269d6303478a2826c14bc0967ad178",
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
    "command": "auditor run live --seed 1",
    "layout": {
      "digest": "0d0bdb4c8cce49d28f41a913228251d0cf269d6303478a2826c14bc0967ad178",
      "target": "y",
      "seed": 1,
      "time": "t",
      "group": null,
      "drop": [],
      "classes": false,
      "confirm_share": 0.5,
      "validation_share": 0.3,
      "subsample": 0.8,
      "first_row": 0,
      "fit_rows": null,
      "units": null,
      "turns": 1
    },
    "trainer": {
      "kind": "sklearn",
      "entry": "sklearn.linear_model:SGDRegressor",
      "fixed": {},
      "options": {}
    }
  },
  "notes": [],
  "drift": null,
  "repeated": null,
  "change": null,
  "cause": null,
  "canary": null,
  "retrain_gain": null,
  "occasion": null,
  "held": null,
  "error": null,
  "panda": {
    "start": {
      "audit_id": 2,
      "at": "2026-11-26T18:15:28.078547Z",
      "rows_fitted": 107,
      "loss": 0.2986135356863505,
      "iterations": 9,
      "checkpoint": "c4bfeaf2a91efe27542a44c33f47ddf887005f7f36e97ac7faea4fa75c44c4c3",
      "seconds": 4.078142747999664
    },
    "turns": [
      {
        "number": 1,
        "audit_id": 2,
        "at": "2026-11-26T18:15:28.078547Z",
        "parent": 0,
        "rows_fitted": 64,
        "rows_scored": 44,
        "move": "nudge",
        "setting": "alpha",
        "value": 0.0001,
        "tried": 0.000631,
        "step": 0.2,
        "loss": 0.2959552358436711,
        "tried_loss": 0.2959542514570051,
        "production_loss": 0.2959552358436711,
        "gain": 9.84386666089103e-07,
        "error": 1.6285722982110524e-05,
        "margin": 0.002959552358436711,
        "kept": "unchanged",
        "config": {
          "alpha": 0.0001
        },
        "checkpoint": "e2cba509aac260d14129df182076d1c56263cd75f6c59c1540540fb78ed6f20d",
        "production_checkpoint": "e2cba509aac260d14129df182076d1c56263cd75f6c59c1540540fb78ed6f20d",
        "seconds": 0.04074497199871985,
        "first": "2026-01-05T14:00:00Z",
        "last": "2026-01-10T03:00:00Z",
        "setback": null,
        "failure": null
      }
    ],
    "trails": [
      {
        "name": "alpha",
        "production": 0.0001,
        "live": 0.0001,
        "step": 0.2,
        "call": "undecided",
        "sentence": "no challenge is on, and a gain of the margin is not excluded yet (down in 0 turns and up in 1 turn)",
        "nudges": 1,
        "keeps": 0,
        "backs": 0,
        "evidence": 1.0,
        "needed": 52.24749999999995,
        "gain": null,
        "stale_since": null,
        "points": [],
        "sides": [
          {
            "towards": "down",
            "farthest": 0.0001,
            "turns": 0,
            "evidence": 1.0,
            "needed": 19.999999999999982,
            "excluded": null
          },
          {
            "towards": "up",
            "farthest": 0.000631,
            "turns": 1,
            "evidence": 1.6940305461437342,
            "needed": 19.999999999999982,
            "excluded": null
          }
        ]
      }
    ],
    "live": {
      "alpha": 0.0001
    },
    "margin": 0.002959552358436711,
    "production_loss": 0.2959552358436711,
    "nudges": 1,
    "keeps": 0,
    "rollbacks": 0,
    "sentence": "1 turn: 1 nudge, 0 of them kept; a setting was put back to compare 0 times; 0 rollbacks",
    "promise": "while no setting gains, any is ever called stale with a chance of at most 5 %, however often one looks and however long this goes on",
    "lead": null,
    "left_out": []
  },
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
INSERT INTO "queue" VALUES(1,'run 54a2f229dc6f4e0fa9917811e890f4c0','m','m','done','request','asked for by hand','2026-11-26 18:15:08.781853',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":1}','2026-11-26 18:15:08.781853',0.0,1,1,NULL,NULL,'2026-11-26 18:15:08.788264','2026-11-26 18:15:13.069844',1,'The audited setting has gone stale');
INSERT INTO "queue" VALUES(2,'request c64f490bc7d24f5cbbf9f7c47bed2ff6','m','m','queued','request','asked for by hand','2026-11-26 18:15:15.521348',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":null}','2026-11-26 18:15:15.521464',0.0,0,0,NULL,NULL,NULL,NULL,NULL,'');
INSERT INTO "queue" VALUES(3,'run 93e7638ba69945c59174fd78edb3a11b','live','live','done','request','asked for by hand','2026-11-26 18:15:23.594370',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":1}','2026-11-26 18:15:23.594370',0.0,1,1,NULL,NULL,'2026-11-26 18:15:23.600729','2026-11-26 18:15:33.074750',2,'Cannot tell yet: 1 turn so far');
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
INSERT INTO "snapshot" VALUES('0d0bdb4c8cce49d28f41a913228251d0cf269d6303478a2826c14bc0967ad178',220,6168,'[{"name":"a","type":"double"},{"name":"y","type":"double"},{"name":"t","type":"timestamp[us, tz=UTC]"}]');
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
	failure_message TEXT, stands_on TEXT, resume_from TEXT, checkpoint TEXT, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT ck_trial_number CHECK (number >= 0), 
	CONSTRAINT ck_trial_part CHECK (part IN ('search', 'confirm')), 
	CONSTRAINT ck_trial_fidelity CHECK (fidelity > 0 AND fidelity <= 1), 
	CONSTRAINT ck_trial_seconds CHECK (seconds >= 0), 
	CONSTRAINT ck_trial_failure CHECK ((failure_kind IS NULL) = (failure_message IS NULL)), 
	CONSTRAINT ck_trial_loss CHECK (failure_kind IS NULL OR loss IS NULL)
);
INSERT INTO "trial" VALUES(1,0,'production','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,3.11671659999774419702e-01,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,1,'coarse','{"n_neighbors":2}','search',0,0,1.0,2126613973,NULL,1.22910350646083965653e-01,4.09323799976846203207e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,2,'coarse','{"n_neighbors":18}','search',0,0,1.0,2126613973,NULL,1.36140108834791523362e-01,3.20019600076193455606e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,3,'coarse','{"n_neighbors":30}','search',0,0,1.0,2126613973,NULL,0.174209575341595,2.97651099936047103255e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,4,'coarse','{"n_neighbors":5}','search',0,0,1.0,2126613973,NULL,9.63167261785418116204e-02,2.34611099949688650667e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,5,'coarse','{"n_neighbors":24}','search',0,0,1.0,2126613973,NULL,1.45098364034896454288e-01,2.16597199869283940643e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,6,'fine','{"n_neighbors":2}','search',0,0,1.0,1077254362,NULL,1.22910350646083965653e-01,3.26058599966927431523e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,7,'fine','{"n_neighbors":9}','search',0,0,1.0,1077254362,NULL,1.24428272924905311547e-01,2.30001199997786898165e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,8,'fine','{"n_neighbors":4}','search',0,0,1.0,1077254362,NULL,9.60264138471825651199e-02,1.88754699956916738301e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,9,'resplit','{"n_neighbors":2}','search',1,0,1.0,1323153857,NULL,1.25987920439305706166e-01,2.91692300015711225569e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,10,'resplit','{"n_neighbors":4}','search',1,0,1.0,1323153857,NULL,9.34834780722853392331e-02,7.04170800054271239787e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,11,'resplit','{"n_neighbors":5}','search',1,0,1.0,1323153857,NULL,9.11043390802735442157e-02,0.00305427800049074,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,12,'resplit','{"n_neighbors":9}','search',1,0,1.0,1323153857,NULL,1.07550004764963458292e-01,2.0605049994628643617e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,13,'resplit','{"n_neighbors":18}','search',1,0,1.0,1323153857,NULL,1.19707845707451868144e-01,2.42779300060647074133e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,14,'resplit','{"n_neighbors":24}','search',1,0,1.0,1323153857,NULL,1.10736846084535281442e-01,3.07944499945733696222e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,15,'resplit','{"n_neighbors":30}','search',1,0,1.0,1323153857,NULL,1.20102670642828493474e-01,3.22231800055305939167e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,16,'resplit','{"n_neighbors":2}','search',2,0,1.0,1575796487,NULL,1.89199099463168041168e-01,5.5529059991386020556e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,17,'resplit','{"n_neighbors":4}','search',2,0,1.0,1575796487,NULL,1.37291778589951063427e-01,2.90260200017655733972e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,18,'resplit','{"n_neighbors":5}','search',2,0,1.0,1575796487,NULL,1.38965029222851560453e-01,0.00299127300058899,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,19,'resplit','{"n_neighbors":9}','search',2,0,1.0,1575796487,NULL,1.00153274551597504249e-01,3.05760300034307874739e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,20,'resplit','{"n_neighbors":18}','search',2,0,1.0,1575796487,NULL,1.03725363500394546223e-01,2.23548600115464068949e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,21,'resplit','{"n_neighbors":24}','search',2,0,1.0,1575796487,NULL,1.32743762265620290907e-01,3.085524000198347494e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,22,'resplit','{"n_neighbors":30}','search',2,0,1.0,1575796487,NULL,1.43367255125891018829e-01,3.0712829993717605248e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,23,'resplit','{"n_neighbors":2}','search',3,0,1.0,1557000082,NULL,1.47099142386889120137e-01,7.77394999931857455521e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,24,'resplit','{"n_neighbors":4}','search',3,0,1.0,1557000082,NULL,1.36903077619531771125e-01,2.74837100005242973566e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,25,'resplit','{"n_neighbors":5}','search',3,0,1.0,1557000082,NULL,1.42501623533157900647e-01,3.07382699975278228521e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,26,'resplit','{"n_neighbors":9}','search',3,0,1.0,1557000082,NULL,1.44903967051601689774e-01,3.03842500034079421311e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,27,'resplit','{"n_neighbors":18}','search',3,0,1.0,1557000082,NULL,1.59696917173907604325e-01,2.17660799899022094905e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,28,'resplit','{"n_neighbors":24}','search',3,0,1.0,1557000082,NULL,2.00042645471640578858e-01,2.39084799977717921137e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,29,'resplit','{"n_neighbors":30}','search',3,0,1.0,1557000082,NULL,2.21880226737152297378e-01,3.16730700069456361234e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,30,'canary','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.22910350646083965653e-01,3.39540700042562093585e-03,NULL,'[]',NULL,NULL,'canary',NULL,NULL);
INSERT INTO "trial" VALUES(1,31,'confirm','{"n_neighbors":2}','confirm',0,0,1.0,1178103908,NULL,1.34634172154431908108e-01,0.00352670299980673,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,32,'confirm','{"n_neighbors":9}','confirm',0,0,1.0,1178103908,NULL,1.2384948150002021705e-01,1.01433370000449940562e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,33,'confirm','{"n_neighbors":4}','confirm',0,0,1.0,1178103908,NULL,1.27863226396933732376e-01,6.94356200074253138154e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,34,'confirm','{"n_neighbors":2}','confirm',0,1,1.0,1563598016,NULL,1.15387286247851328369e-01,2.86833999962254893034e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,35,'confirm','{"n_neighbors":9}','confirm',0,1,1.0,1563598016,NULL,7.84604723169555345885e-02,3.23329500133695546537e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,36,'confirm','{"n_neighbors":4}','confirm',0,1,1.0,1563598016,NULL,8.764115354680312997e-02,2.84151999949244782328e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,37,'confirm','{"n_neighbors":2}','confirm',1,0,1.0,1488025249,NULL,1.11976909629861592909e-01,7.8072699998301686719e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,38,'confirm','{"n_neighbors":9}','confirm',1,0,1.0,1488025249,NULL,9.5459059453012432006e-02,5.84709599934285506606e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,39,'confirm','{"n_neighbors":4}','confirm',1,0,1.0,1488025249,NULL,9.51244991354060070998e-02,2.48763199851964600384e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,40,'confirm','{"n_neighbors":2}','confirm',1,1,1.0,1089105125,NULL,1.43547462197418040918e-01,7.59934999950928613543e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,41,'confirm','{"n_neighbors":9}','confirm',1,1,1.0,1089105125,NULL,1.38618653978091643796e-01,7.0570309999311575666e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,42,'confirm','{"n_neighbors":4}','confirm',1,1,1.0,1089105125,NULL,1.42578081969924025385e-01,7.05101200037461239844e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,43,'confirm','{"n_neighbors":2}','confirm',2,0,1.0,825809200,NULL,1.2812582959166313179e-01,3.16886800101201515644e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,44,'confirm','{"n_neighbors":9}','confirm',2,0,1.0,825809200,NULL,1.2662877020639806691e-01,3.03611100025591440498e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,45,'confirm','{"n_neighbors":4}','confirm',2,0,1.0,825809200,NULL,1.19814304736115331828e-01,2.0616470010281773284e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,46,'confirm','{"n_neighbors":2}','confirm',2,1,1.0,1060880620,NULL,1.39390083497393041378e-01,8.46618300056434236466e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,47,'confirm','{"n_neighbors":9}','confirm',2,1,1.0,1060880620,NULL,1.02435738703377118841e-01,0.00654294400010258,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,48,'confirm','{"n_neighbors":4}','confirm',2,1,1.0,1060880620,NULL,1.21593689589275286144e-01,2.6306460003979736939e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,49,'confirm','{"n_neighbors":2}','confirm',3,0,1.0,113948439,NULL,1.15361558514977605161e-01,0.00789570200140588,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,50,'confirm','{"n_neighbors":9}','confirm',3,0,1.0,113948439,NULL,1.06443644597943740115e-01,4.13416900119045749306e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,51,'confirm','{"n_neighbors":4}','confirm',3,0,1.0,113948439,NULL,1.02484327483964285376e-01,0.00545889599925431,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,52,'confirm','{"n_neighbors":2}','confirm',3,1,1.0,827697413,NULL,1.36484159173133529074e-01,3.37607799883699044585e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,53,'confirm','{"n_neighbors":9}','confirm',3,1,1.0,827697413,NULL,9.79962151263328723471e-02,3.02809899949352256953e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,54,'confirm','{"n_neighbors":4}','confirm',3,1,1.0,827697413,NULL,1.0868391788747061577e-01,7.6525889999174978584e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,55,'confirm','{"n_neighbors":2}','confirm',4,0,1.0,1724719585,NULL,1.35644423337055702871e-01,6.42402599987690337002e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,56,'confirm','{"n_neighbors":9}','confirm',4,0,1.0,1724719585,NULL,1.22400605927966352193e-01,7.50240599882090464234e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,57,'confirm','{"n_neighbors":4}','confirm',4,0,1.0,1724719585,NULL,1.31255397460705025558e-01,4.24775899955420754849e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,58,'confirm','{"n_neighbors":2}','confirm',4,1,1.0,1940709282,NULL,1.18349083596636317494e-01,6.11687800119398161768e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,59,'confirm','{"n_neighbors":9}','confirm',4,1,1.0,1940709282,NULL,0.0908348669867675,5.73035099841945338994e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,60,'confirm','{"n_neighbors":4}','confirm',4,1,1.0,1940709282,NULL,8.91216468945383588629e-02,0.00329941300151404,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,61,'confirm','{"n_neighbors":2}','confirm',5,0,1.0,215951273,NULL,1.14559250487741418056e-01,5.76172799992491491138e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,62,'confirm','{"n_neighbors":9}','confirm',5,0,1.0,215951273,NULL,9.6197465321837274943e-02,0.00240310600020166,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,63,'confirm','{"n_neighbors":4}','confirm',5,0,1.0,215951273,NULL,1.03722339553804054901e-01,6.40380699951492715626e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,64,'confirm','{"n_neighbors":2}','confirm',5,1,1.0,683166457,NULL,1.17718139694131432304e-01,6.21307199980947189033e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,65,'confirm','{"n_neighbors":9}','confirm',5,1,1.0,683166457,NULL,1.14659063327348112459e-01,2.75386000066646374762e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,66,'confirm','{"n_neighbors":4}','confirm',5,1,1.0,683166457,NULL,1.09118412249913226963e-01,3.12763699912466108798e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,67,'scan','{"n_neighbors":3}','confirm',0,0,1.0,1178103908,NULL,1.32784451956049709409e-01,5.64740700065158307552e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,68,'scan','{"n_neighbors":5}','confirm',0,0,1.0,1178103908,NULL,1.37412872880505548822e-01,7.16492199899221304804e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,69,'scan','{"n_neighbors":7}','confirm',0,0,1.0,1178103908,NULL,1.31512204300517243638e-01,2.52091199945425614714e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,70,'scan','{"n_neighbors":16}','confirm',0,0,1.0,1178103908,NULL,1.17369796050465727277e-01,6.94007700076326727867e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,71,'scan','{"n_neighbors":3}','confirm',0,1,1.0,1563598016,NULL,1.06085662702674082824e-01,2.95194499994977377355e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,72,'scan','{"n_neighbors":5}','confirm',0,1,1.0,1563598016,NULL,7.76190555788298375272e-02,3.6532410013023763895e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,73,'scan','{"n_neighbors":7}','confirm',0,1,1.0,1563598016,NULL,7.38330969777501594508e-02,3.32818599963502492755e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,74,'scan','{"n_neighbors":16}','confirm',0,1,1.0,1563598016,NULL,9.44048292711815728583e-02,3.69424299969978164881e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,75,'scan','{"n_neighbors":3}','confirm',1,0,1.0,1488025249,NULL,1.01937892747458860864e-01,2.99401800111809279769e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,76,'scan','{"n_neighbors":5}','confirm',1,0,1.0,1488025249,NULL,0.0984171483642572,2.6495940001041162759e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,77,'scan','{"n_neighbors":7}','confirm',1,0,1.0,1488025249,NULL,9.40460475283835251048e-02,3.03053200150316115468e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,78,'scan','{"n_neighbors":16}','confirm',1,0,1.0,1488025249,NULL,9.7592690452773037113e-02,2.46772199898259714245e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,79,'scan','{"n_neighbors":3}','confirm',1,1,1.0,1089105125,NULL,1.39445215093501745373e-01,6.9196149997878819704e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,80,'scan','{"n_neighbors":5}','confirm',1,1,1.0,1089105125,NULL,1.4082826793769737117e-01,6.41701600034139119088e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,81,'scan','{"n_neighbors":7}','confirm',1,1,1.0,1089105125,NULL,0.142700100281797,2.77197700052056461572e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,82,'scan','{"n_neighbors":16}','confirm',1,1,1.0,1089105125,NULL,1.36084128200653492468e-01,3.08354099979624152183e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(2,0,'start','{"alpha":0.0001}','confirm',0,0,1.0,275033364,NULL,2.98613535686350517472e-01,4.07814274799966369755e+00,9,'[]',NULL,NULL,'start',NULL,'c4bfeaf2a91efe27542a44c33f47ddf887005f7f36e97ac7faea4fa75c44c4c3');
INSERT INTO "trial" VALUES(2,1,'turn','{"alpha":0.0001}','confirm',0,0,1.0,535113371,9,2.95955235843671116136e-01,2.19024639991403091698e-02,9,'[]',NULL,NULL,'turn','c4bfeaf2a91efe27542a44c33f47ddf887005f7f36e97ac7faea4fa75c44c4c3','e2cba509aac260d14129df182076d1c56263cd75f6c59c1540540fb78ed6f20d');
INSERT INTO "trial" VALUES(2,2,'turn','{"alpha":0.000631}','confirm',0,1,1.0,535113371,9,2.95954251457005101944e-01,1.88425079995795385912e-02,9,'[]',NULL,NULL,'turn','c4bfeaf2a91efe27542a44c33f47ddf887005f7f36e97ac7faea4fa75c44c4c3','76835cf223d10bfa9d44e4497f70e7b1415fc46826bd4f24d95002cb43dbbb50');
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
INSERT INTO "trial_losses" VALUES(2,0,X'78010160019FFE451B1DBC17A5C53F25AC49335B42D33F832BA7724AE1C63F242142DC79ECDF3FA29364A89A08A13FD7078F7E2136463F1CFBF74BA93BC53F61C02593F271DC3FA7A2989BB926E03FD78B954C360DB93F7EED6E200C3C9A3F64B1821F2B21D53FE16A1DFA95EEEA3FAFD1006FBE3B6F3F3C0F834BAF1C573F3E896DEFCD43A23F56362E671FCDCD3F2BAD53BD67AC8D3FB2BFC4200090D83FCAAE9477226ABC3FAC6D1C474921F63FF083E6D985CCC43F9200A2CD2CB1024094BF60959430973F070B15B5242FC73F0AEBF2840BB9C63F3459CCEE820DE43F118029BC3508243F3AA690BB4A2EB63F9B1162A904044F3FD1E6F088A814853F67EB7C745927DD3F2632E25F1A77613F5BD5520E927AF63F8EE75390E4ECBF3F9C579ADA4A1BDF3F67C0CC8A1883C13FD7F0A3D127A0E93F5A20523A7E32573FD70D9C94C8B8AF3F1DB620EBD35EA13F10967FF9C1B3A83F1B4B9749CE44F53E495A7297B719CC3FCF09A2F7');
INSERT INTO "trial_losses" VALUES(2,1,X'78010160019FFE7DFC48EF5385C83F82AAD80CE40BCD3F984E4660BD32C03FE1093BD268C7E13FED2B87897A4CAD3FA1FC7B737CB3283F1557540F5686CB3F16125F9962C7DE3F182ACFAECAB9E13F392941302512C13FEE342F15F3E29F3F6B64A05DEFA4D03FA8879BF13881EB3F2AE05489F0F8633F663A4529650F7E3F0E1E267D4A79A13F8A7F03427843CE3F71FA3B2CFA6A693FC45F88598EE9D23F517FD82AF25EBE3FA89A9940CD4DF33F7AFFA27ED677C93F7548A02330E500409D64F18B94C49B3F539E0CA60F60CA3F1950A05F6555CC3F51AFEFCC4F74E53FEAC1DE0AD9CD6D3F478E10057C11B83FFD68172F7C102C3FB6BD3A12AFD94A3F64BC30BD4FA1D73FAFE344F35770613FACBAA05E1BF6F73FC67EDFB7E3E1C43F899FEA6FFD58E03F1A371EA43336B73F64BEA0776DB4EB3F2E684C6A1382853F44E384795FA9AB3F7B57DDB24F17903F1E703E5365BDA73FCAC7D8A428C8733F0CF41291E4ACD03F98C4A92E');
INSERT INTO "trial_losses" VALUES(2,2,X'78010160019FFEA1A3877AB086C83FA7642A6AD007CD3FEC0961E2E92FC03F0D94491C45C8E13FD8B32E9BEA52AD3F96E5FE95DCF6283FF1D273647989CB3FF45022557AC8DE3FFC76ED9888BAE13F24BE6A987014C13F62CB0BCFC4E59F3F7F774EADFBA2D03F62FBE1017B81EB3FEB6F84226BF4633F386E32B73B1F7E3F34FDDB61F578A13F74B55A38AA43CE3F362F6939634F693FFB90542C1CE7D23F33822E94D75FBE3FAAB5B78F864CF33FAD14E2161A7AC93F0DAA467A60E40040C8912625C0C69B3FC503BD159D61CA3F0FA186E72B58CC3F8B678C5DF774E53FD5FFE1A915E46D3FF38ED9C55A12B83FCDE71C8F5AF42B3F3C5003928E9A4A3FAD1140EBDC9ED73F962515297570613FC889E526CDF6F73F94C59FA859E4C43F685BD0355F59E03F722460323E31B73F8ADD127967B5EB3F878ACB7AD28E853F123F532482A7AB3F6EB9BDD55310903F8B09CD5FEABCA73F8B4DD2254CD9733F79AA53F027AED03F5304AFC8');
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
