BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0009');
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
INSERT INTO "application" VALUES(1,1,'m',2,'2026-11-26 22:05:59.609189',0,'[{"name":"n_neighbors","before":2,"after":14,"origin":"json:params.json"}]');
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
INSERT INTO "audit" VALUES(1,'m','done','28e3ba84277256bc65dee2c2c9755ad2912e3518310b1a0c7fd25bd785646439',1,'d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044','rows.parquet','2026-11-26 22:05:53.216132',NULL,NULL,1,'2026-11-26 22:05:53.262555','2026-11-26 22:05:54.649424',NULL,'stale','The audited setting has gone stale',4.37692166341902777482e-01,1.32390104873708169819e-01,7.64977714849223500159e-01,'squared error',1.63459734698293938925e-02,1.63459734698293934762e+00,'["n_neighbors"]',NULL,'the schedule names no time: audits are run by hand','evidence',1.36752413270793821142e-02,1.11669429983235914962e+01,0,'[{"name":"n_neighbors","call":"stale","production":2,"recommended":14,"effect":{"estimate":0.4376921663419028,"low":0.13239010487370817,"high":0.7649777148492235}}]');
INSERT INTO "audit" VALUES(2,'live','done','85939a6d5ee13fe3cff5a407546e3eee72221c251cf8438dd2043c509147b3c9',3,'62ffd0ae4c4e8c31ea49df761e30023f2152b0133beb3b11b8780b2524a2c524','rows.parquet','2026-11-26 22:06:05.110251','2026-01-01 00:00:00.000000','2026-01-25 23:00:00.000000',1,'2026-11-26 22:06:05.118546','2026-11-26 22:06:10.685249',NULL,'undecided','Cannot tell yet: 1 turn so far',NULL,NULL,NULL,'squared error',1.5843379849138240073e-02,1.58433798491382393791e+00,'[]',NULL,'the schedule names no time: audits are run by hand',NULL,NULL,NULL,NULL,'[{"name":"alpha","call":"undecided","production":0.0001,"recommended":0.0001,"effect":null}]');
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
INSERT INTO "capture" VALUES(1,'m','2026-11-26 22:05:50.705138',NULL,'[{"name":"n_neighbors","raw":"2","value":2,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
INSERT INTO "capture" VALUES(2,'m','2026-11-26 22:05:59.547997','d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044','[{"name":"n_neighbors","raw":"14","value":14,"origin":"json:params.json"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.neighbors:KNeighborsRegressor","digest":"7724c01f593f77e26f54411f12fe125459e85312ed8a4b52ecfb93b6f79ec53c","commit":null}');
INSERT INTO "capture" VALUES(3,'live','2026-11-26 22:06:03.137272',NULL,'[{"name":"alpha","raw":"0.0001","value":0.0001,"origin":"schedule"}]','{"python":"3.11.7","platform":"Linux-6.1.0-x86_64-with-glibc2.36","cpu":"AMD EPYC","cores":2,"memory_bytes":25276510208,"gpu":null,"driver":null,"blas":"scipy-openblas 0.3.31.188.0","packages":{"numpy":"2.4.6","scipy":"1.17.1","scikit-learn":"1.9.1","torch":"2.13.0+cpu","pandas":"3.1.1","pyarrow":"26.0.1","lightgbm":"4.7.0"}}','{"trainer":"sklearn.linear_model:SGDRegressor","digest":"0f52c324eb957221f94db06c6a2567f36e0df5ff750a38b7ac1c3ca03b3c372a","commit":null}');
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
INSERT INTO "event" VALUES(1,'2026-11-26 22:05:49.712394','order_queued','m',1,NULL,'{"why":"request","due":"2026-11-26T22:05:49.712394+00:00","missed":0}');
INSERT INTO "event" VALUES(2,'2026-11-26 22:05:49.724605','order_started','m',1,NULL,'{"attempt":1,"daemon":"32372ce2f1144ad581501012f3621066"}');
INSERT INTO "event" VALUES(3,'2026-11-26 22:05:55.301387','order_done','m',1,1,'{"state":"done","reason":"The audited setting has gone stale","attempts":1}');
INSERT INTO "event" VALUES(4,'2026-11-26 22:06:01.661653','order_queued','live',2,NULL,'{"why":"request","due":"2026-11-26T22:06:01.661653+00:00","missed":0}');
INSERT INTO "event" VALUES(5,'2026-11-26 22:06:01.690082','order_started','live',2,NULL,'{"attempt":1,"daemon":"c4e69df08b7140c3b291df492ce9437a"}');
INSERT INTO "event" VALUES(6,'2026-11-26 22:06:10.956902','order_done','live',2,2,'{"state":"done","reason":"Cannot tell yet: 1 turn so far","attempts":1}');
INSERT INTO "event" VALUES(7,'2026-11-26 22:06:11.542673','order_queued','m',3,NULL,'{"why":"request","due":"2026-11-26T22:06:11.530393+00:00","missed":0}');
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
INSERT INTO "outbox" VALUES(1,1,'webhook:127.0.0.1:7e38ae17','verdict','stale at first sight','m','2026-11-26 22:05:53.262555','The audited setting has gone stale','Changing n_neighbors from 2 to 14 lowers squared error by 27 % (95 % interval 8 % to 47 %), against production''s values retrained on the same rows (600 rows). The margin is 1 % of squared error.','waiting','2026-11-26 22:05:54.649424',1,'2026-11-26 22:06:26.376102',NULL,'ConnectError: Connect call failed (''127.0.0.1'', 9)');
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
  "sentence": "Changing n_neighbors from 2 to 14 lowers squared error by 27 % (95 % interval 8 % to 47 %), against production''s values retrained on the same rows (600 rows). The margin is 1 % of squared error.",
  "started_at": "2026-11-26T22:05:53.262555Z",
  "finished_at": "2026-11-26T22:05:54.649424Z",
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
    "captured_at": "2026-11-26T22:05:50.705138Z",
    "snapshot": null,
    "id": 1
  },
  "snapshot": {
    "digest": "d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044",
    "rows": 600,
    "bytes": 19832,
    "columns": [
      {
        "name": "a",
        "type": "double"
      },
      {
        "name": "b",
        "type": "double"
      },
      {
        "name": "c",
        "type": "double"
      },
      {
        "name": "y",
        "type": "double"
      }
    ],
    "source": "rows.parquet",
    "taken_at": "2026-11-26T22:05:53.216132Z",
    "first": null,
    "last": null
  },
  "search_rows": 300,
  "confirm_rows": 300,
  "gain": {
    "estimate": 0.4376921663419028,
    "low": 0.13239010487370817,
    "high": 0.7649777148492235
  },
  "confidence": 0.95,
  "setting_confidence": 0.95,
  "settings": [
    {
      "name": "n_neighbors",
      "production": 2,
      "recommended": 14,
      "call": "stale",
      "sentence": "carries 27 % (95 % interval 8 % to 47 %)",
      "effect": {
        "estimate": 0.4376921663419028,
        "low": 0.13239010487370817,
        "high": 0.7649777148492235
      },
      "range": [
        7.0,
        27.0
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
          "n_neighbors": 14
        },
        "search_gain": 0.49834349489298707,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.4376921663419028,
              "low": 0.13239010487370817,
              "high": 0.7649777148492235
            },
            "standard_error": 0.07898593053741039,
            "degrees_of_freedom": 10.145113772778183,
            "z_stale": 3.6785705842280967,
            "z_fresh": -3.7742456003772027,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 0.0046066473704648855,
            "replicate_variance": 0.0016321298523957334,
            "skewness": 0.04436248356696442
          }
        ],
        "excluded": false,
        "carried": false
      },
      {
        "config": {
          "n_neighbors": 16
        },
        "search_gain": 0.497045188207117,
        "looks": [
          {
            "number": 1,
            "replicates": 6,
            "gain": {
              "estimate": 0.4268767587669089,
              "low": 0.11445722447317364,
              "high": 0.760225189608769
            },
            "standard_error": 0.08020613823176527,
            "degrees_of_freedom": 9.883951663627597,
            "z_stale": 3.5750408341722486,
            "z_fresh": -3.6499456654347435,
            "boundary_stale": 2.9625880427275693,
            "boundary_fresh": 2.5379876034427817,
            "example_variance": 0.004694255980207565,
            "replicate_variance": 0.0017387686298454726,
            "skewness": 0.04150535067170141
          }
        ],
        "excluded": false,
        "carried": false
      }
    ],
    "winner": 0,
    "reason": "the evidence for a gain passed its boundary at look 1 of 3",
    "margin": 0.016345973469829394,
    "production_loss": 1.6345973469829393,
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
          "estimate": 0.4376921663419028,
          "low": 0.13239010487370817,
          "high": 0.7649777148492235
        }
      }
    ],
    "groups": [],
    "either_of": []
  },
  "search": {
    "strategy": "caviar",
    "reason": "one training of production takes 0.18 s, so 12 challengers side by side fit the budget of 20 min; the schedule asks for many side by side",
    "space": [
      {
        "name": "n_neighbors",
        "scale": "log",
        "low": 1.0,
        "high": 40.0,
        "integer": true,
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
    "screened": 0.3481636551311609,
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
        "loss": 1.536621497160375,
        "seconds": 0.17737830500118434,
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
        "loss": 1.536621497160375,
        "seconds": 0.011095908001152566,
        "failure": null,
        "curve": []
      },
      {
        "id": 2,
        "round": "coarse",
        "config": {
          "n_neighbors": 1
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.7304547882690293,
        "seconds": 0.015741038998385193,
        "failure": null,
        "curve": []
      },
      {
        "id": 3,
        "round": "coarse",
        "config": {
          "n_neighbors": 4
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.4784644802880527,
        "seconds": 0.007491358999686781,
        "failure": null,
        "curve": []
      },
      {
        "id": 4,
        "round": "coarse",
        "config": {
          "n_neighbors": 6
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.4027853596957394,
        "seconds": 0.010017878998041851,
        "failure": null,
        "curve": []
      },
      {
        "id": 5,
        "round": "coarse",
        "config": {
          "n_neighbors": 26
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.3578814055001032,
        "seconds": 0.002299921998201171,
        "failure": null,
        "curve": []
      },
      {
        "id": 6,
        "round": "coarse",
        "config": {
          "n_neighbors": 16
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.300372074850646,
        "seconds": 0.018460657996911323,
        "failure": null,
        "curve": []
      },
      {
        "id": 7,
        "round": "coarse",
        "config": {
          "n_neighbors": 7
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.422240981037741,
        "seconds": 0.001995638001972111,
        "failure": null,
        "curve": []
      },
      {
        "id": 8,
        "round": "coarse",
        "config": {
          "n_neighbors": 23
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 2126613973,
        "loss": 1.3211030527500807,
        "seconds": 0.007738257998425979,
        "failure": null,
        "curve": []
      },
      {
        "id": 9,
        "round": "fine",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.536621497160375,
        "seconds": 0.01531114899989916,
        "failure": null,
        "curve": []
      },
      {
        "id": 10,
        "round": "fine",
        "config": {
          "n_neighbors": 5
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.4367061486602475,
        "seconds": 0.0019998839998152107,
        "failure": null,
        "curve": []
      },
      {
        "id": 11,
        "round": "fine",
        "config": {
          "n_neighbors": 33
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.3578173281284405,
        "seconds": 0.018087391999870306,
        "failure": null,
        "curve": []
      },
      {
        "id": 12,
        "round": "fine",
        "config": {
          "n_neighbors": 14
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.3121316234582203,
        "seconds": 0.0027696530014509335,
        "failure": null,
        "curve": []
      },
      {
        "id": 13,
        "round": "fine",
        "config": {
          "n_neighbors": 8
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.4026349431096077,
        "seconds": 0.010364878002292244,
        "failure": null,
        "curve": []
      },
      {
        "id": 14,
        "round": "fine",
        "config": {
          "n_neighbors": 15
        },
        "fold": "search 0.0",
        "fidelity": 1.0,
        "seed": 1323153857,
        "loss": 1.3201942494596557,
        "seconds": 0.0018647430006240029,
        "failure": null,
        "curve": []
      },
      {
        "id": 15,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.7239965010896434,
        "seconds": 0.002305791000253521,
        "failure": null,
        "curve": []
      },
      {
        "id": 16,
        "round": "resplit",
        "config": {
          "n_neighbors": 16
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3448953802416572,
        "seconds": 0.01538654999967548,
        "failure": null,
        "curve": []
      },
      {
        "id": 17,
        "round": "resplit",
        "config": {
          "n_neighbors": 14
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3427012489738317,
        "seconds": 0.014913333998265443,
        "failure": null,
        "curve": []
      },
      {
        "id": 18,
        "round": "resplit",
        "config": {
          "n_neighbors": 15
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3363991175932912,
        "seconds": 0.015509603999817045,
        "failure": null,
        "curve": []
      },
      {
        "id": 19,
        "round": "resplit",
        "config": {
          "n_neighbors": 23
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3219431089916516,
        "seconds": 0.011269257000094512,
        "failure": null,
        "curve": []
      },
      {
        "id": 20,
        "round": "resplit",
        "config": {
          "n_neighbors": 33
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3659819526228802,
        "seconds": 0.002387353000813164,
        "failure": null,
        "curve": []
      },
      {
        "id": 21,
        "round": "resplit",
        "config": {
          "n_neighbors": 26
        },
        "fold": "search 1.0",
        "fidelity": 1.0,
        "seed": 1893601903,
        "loss": 1.3031036462397643,
        "seconds": 0.01472423200175399,
        "failure": null,
        "curve": []
      },
      {
        "id": 22,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.7722025318155306,
        "seconds": 0.0028572739975061268,
        "failure": null,
        "curve": []
      },
      {
        "id": 23,
        "round": "resplit",
        "config": {
          "n_neighbors": 16
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.0594945447934998,
        "seconds": 0.014166189997922629,
        "failure": null,
        "curve": []
      },
      {
        "id": 24,
        "round": "resplit",
        "config": {
          "n_neighbors": 14
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.0764235576648091,
        "seconds": 0.0017087489977711812,
        "failure": null,
        "curve": []
      },
      {
        "id": 25,
        "round": "resplit",
        "config": {
          "n_neighbors": 15
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.0581157199312496,
        "seconds": 0.014142153999273432,
        "failure": null,
        "curve": []
      },
      {
        "id": 26,
        "round": "resplit",
        "config": {
          "n_neighbors": 23
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.0620963506899368,
        "seconds": 0.0017793449987948406,
        "failure": null,
        "curve": []
      },
      {
        "id": 27,
        "round": "resplit",
        "config": {
          "n_neighbors": 33
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.081952566948085,
        "seconds": 0.015349104996857932,
        "failure": null,
        "curve": []
      },
      {
        "id": 28,
        "round": "resplit",
        "config": {
          "n_neighbors": 26
        },
        "fold": "search 2.0",
        "fidelity": 1.0,
        "seed": 316778835,
        "loss": 1.0913739507797635,
        "seconds": 0.010382704000221565,
        "failure": null,
        "curve": []
      },
      {
        "id": 29,
        "round": "resplit",
        "config": {
          "n_neighbors": 2
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.5219715911716614,
        "seconds": 0.014321260998258367,
        "failure": null,
        "curve": []
      },
      {
        "id": 30,
        "round": "resplit",
        "config": {
          "n_neighbors": 16
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.1226451344203272,
        "seconds": 0.001893104999908246,
        "failure": null,
        "curve": []
      },
      {
        "id": 31,
        "round": "resplit",
        "config": {
          "n_neighbors": 14
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.1040153327592332,
        "seconds": 0.01438848100224277,
        "failure": null,
        "curve": []
      },
      {
        "id": 32,
        "round": "resplit",
        "config": {
          "n_neighbors": 15
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.1368827752120072,
        "seconds": 0.0020384819981700275,
        "failure": null,
        "curve": []
      },
      {
        "id": 33,
        "round": "resplit",
        "config": {
          "n_neighbors": 23
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.2013890415076116,
        "seconds": 0.014136295001662802,
        "failure": null,
        "curve": []
      },
      {
        "id": 34,
        "round": "resplit",
        "config": {
          "n_neighbors": 33
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.2161045448278176,
        "seconds": 0.001798092998797074,
        "failure": null,
        "curve": []
      },
      {
        "id": 35,
        "round": "resplit",
        "config": {
          "n_neighbors": 26
        },
        "fold": "search 3.0",
        "fidelity": 1.0,
        "seed": 460881782,
        "loss": 1.2414931771826752,
        "seconds": 0.014170845999615267,
        "failure": null,
        "curve": []
      }
    ],
    "transferred": 0
  },
  "budget": {
    "strategy": "caviar",
    "trials": 12,
    "time": "PT20M",
    "workers": 2,
    "trial_timeout": "PT5M",
    "trial_memory": 4294967296,
    "turns": 1
  },
  "spent": {
    "search_trials": 36,
    "confirm_trials": 18,
    "attribute_trials": 0,
    "failed_trials": 0,
    "training_seconds": 0.9210490149926045,
    "wall_seconds": 1.386869,
    "scan_trials": 20,
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
    "schedule_digest": "990e11a4bbec16a4f6696640d602ade34710da9b3beadddb39866cc382a91ecb",
    "schedule_text": "\nmodel = \"m\"\nproduction = { from = \"json:params.json\" }\ndata = { source = \"rows.parquet\", target = \"y\", drop = [\"at\"] }\ntrainer = { estimator = \"sklearn.neighbors:KNeighborsRegressor\" }\nsearch.n_neighbors = { scale = \"log\", integer = true, low = 1, high = 40 }\npolicy = { metric = \"squared_error\" }\nbudget = { trials = 12, strategy = \"caviar\" }\n",
    "snapshot_digest": "d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044",
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
      "digest": "d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044",
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
  "notes": [],
  "drift": null,
  "repeated": {
    "policy": "evidence",
    "number": 1,
    "to_the_end": false,
    "counted": true,
    "reason": "it brings 300 confirming rows that no earlier audit looked at",
    "new_rows": 300,
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
  "started_at": "2026-11-26T22:06:05.118546Z",
  "finished_at": "2026-11-26T22:06:10.685249Z",
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
        "origin": "schedule"
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
    "captured_at": "2026-11-26T22:06:03.137272Z",
    "snapshot": null,
    "id": 3
  },
  "snapshot": {
    "digest": "62ffd0ae4c4e8c31ea49df761e30023f2152b0133beb3b11b8780b2524a2c524",
    "rows": 600,
    "bytes": 22563,
    "columns": [
      {
        "name": "a",
        "type": "double"
      },
      {
        "name": "b",
        "type": "double"
      },
      {
        "name": "c",
        "type": "double"
      },
      {
        "name": "y",
        "type": "double"
      },
      {
        "name": "at",
        "type": "timestamp[us, tz=UTC]"
      }
    ],
    "source": "rows.parquet",
    "taken_at": "2026-11-26T22:06:05.110251Z",
    "first": "2026-01-01T00:00:00Z",
    "last": "2026-01-25T23:00:00Z"
  },
  "search_rows": 177,
  "confirm_rows": 120,
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
        "low": 1e-06,
        "high": 0.01,
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
        "loss": 1.5760074537715416,
        "seconds": 5.4249007729995355,
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
        "loss": 1.584337984913824,
        "seconds": 0.03562971899737022,
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
        "loss": 1.584329957913333,
        "seconds": 0.017105205999541795,
        "failure": null,
        "curve": []
      }
    ],
    "transferred": 0
  },
  "budget": {
    "strategy": "panda",
    "trials": 30,
    "time": "PT20M",
    "workers": 2,
    "trial_timeout": "PT5M",
    "trial_memory": 4294967296,
    "turns": 1
  },
  "spent": {
    "search_trials": 3,
    "confirm_trials": 0,
    "attribute_trials": 0,
    "failed_trials": 0,
    "training_seconds": 5.477635697996448,
    "wall_seconds": 5.566703,
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
    "schedule_digest": "b1d65e535f580e2870c0e124dba3a9a7b7f69b4e8e63d3a24c80e2baa3119929",
    "schedule_text": "\nmodel = \"live\"\nproduction = { alpha = 1e-4 }\ndata = { source = \"rows.parquet\", target = \"y\", time = \"at\" }\ntrainer = { estimator = \"sklearn.linear_model:SGDRegressor\" }\nsearch.alpha = { scale = \"log\", low = 1e-6, high = 1e-2 }\npolicy = { metric = \"squared_error\" }\nbudget = { strategy = \"panda\", turns = 1 }\n",
    "snapshot_digest": "62ffd0ae4c4e8c31ea49df761e30023f2152b0133beb3b11b8780b2524a2c524",
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
      "digest": "62ffd0ae4c4e8c31ea49df761e30023f2152b0133beb3b11b8780b2524a2c524",
      "target": "y",
      "seed": 1,
      "time": "at",
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
      "at": "2026-11-26T22:06:05.118546Z",
      "rows_fitted": 294,
      "loss": 1.5760074537715416,
      "iterations": 12,
      "checkpoint": "7b022c4872c9512f57271d3f31b93ed87c4ede824a2f71dad9489ae99848171c",
      "seconds": 5.4249007729995355
    },
    "turns": [
      {
        "number": 1,
        "audit_id": 2,
        "at": "2026-11-26T22:06:05.118546Z",
        "parent": 0,
        "rows_fitted": 177,
        "rows_scored": 120,
        "move": "nudge",
        "setting": "alpha",
        "value": 0.0001,
        "tried": 0.000631,
        "step": 0.2,
        "loss": 1.584337984913824,
        "tried_loss": 1.584329957913333,
        "production_loss": 1.584337984913824,
        "gain": 8.02700049100793e-06,
        "error": 4.801654728629137e-05,
        "margin": 0.01584337984913824,
        "kept": "unchanged",
        "config": {
          "alpha": 0.0001
        },
        "checkpoint": "88d130b315e25e207c79baeeadc3d1e55edb1e4ffe3b156b13ba3517b9ff6cd4",
        "production_checkpoint": "88d130b315e25e207c79baeeadc3d1e55edb1e4ffe3b156b13ba3517b9ff6cd4",
        "seconds": 0.052734924996912014,
        "first": "2026-01-13T12:00:00Z",
        "last": "2026-01-25T23:00:00Z",
        "setback": null,
        "failure": null,
        "lost": null
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
    "margin": 0.01584337984913824,
    "production_loss": 1.584337984913824,
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
INSERT INTO "queue" VALUES(1,'run b98f263cf7aa46158f3a58cbdd2ee43a','m','m','done','request','asked for by hand','2026-11-26 22:05:49.712394',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":1,"strategy":null}','2026-11-26 22:05:49.712394',0.0,1,1,NULL,NULL,'2026-11-26 22:05:49.723692','2026-11-26 22:05:55.300758',1,'The audited setting has gone stale');
INSERT INTO "queue" VALUES(2,'run a7163ea1d32c4d0383fbaec69c7a7c4e','live','live','done','request','asked for by hand','2026-11-26 22:06:01.661653',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":1,"strategy":null}','2026-11-26 22:06:01.661653',0.0,1,1,NULL,NULL,'2026-11-26 22:06:01.688951','2026-11-26 22:06:10.956265',2,'Cannot tell yet: 1 turn so far');
INSERT INTO "queue" VALUES(3,'request kept','m','m','queued','request','asked for by hand','2026-11-26 22:06:11.530393',0,NULL,'{"trials":null,"minutes":null,"workers":null,"seed":null,"strategy":null}','2026-11-26 22:06:11.542673',0.0,0,0,NULL,NULL,NULL,NULL,NULL,'');
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
INSERT INTO "snapshot" VALUES('d688d150dc864c298c886a9d76d0d210d5b2c4c56e98cb219810d9df46f6c044',600,19832,'[{"name":"a","type":"double"},{"name":"b","type":"double"},{"name":"c","type":"double"},{"name":"y","type":"double"}]');
INSERT INTO "snapshot" VALUES('62ffd0ae4c4e8c31ea49df761e30023f2152b0133beb3b11b8780b2524a2c524',600,22563,'[{"name":"a","type":"double"},{"name":"b","type":"double"},{"name":"c","type":"double"},{"name":"y","type":"double"},{"name":"at","type":"timestamp[us, tz=UTC]"}]');
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
	failure_message TEXT, stands_on TEXT, resume_from TEXT, checkpoint TEXT, peak_bytes BIGINT, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_audit FOREIGN KEY(audit_id) REFERENCES audit (id), 
	CONSTRAINT ck_trial_number CHECK (number >= 0), 
	CONSTRAINT ck_trial_part CHECK (part IN ('search', 'confirm')), 
	CONSTRAINT ck_trial_fidelity CHECK (fidelity > 0 AND fidelity <= 1), 
	CONSTRAINT ck_trial_seconds CHECK (seconds >= 0), 
	CONSTRAINT ck_trial_failure CHECK ((failure_kind IS NULL) = (failure_message IS NULL)), 
	CONSTRAINT ck_trial_loss CHECK (failure_kind IS NULL OR loss IS NULL)
);
INSERT INTO "trial" VALUES(1,0,'production','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.53662149716037510494e+00,1.77378305001184344291e-01,NULL,'[]',NULL,NULL,NULL,NULL,NULL,286130176);
INSERT INTO "trial" VALUES(1,1,'coarse','{"n_neighbors":2}','search',0,0,1.0,2126613973,NULL,1.53662149716037510494e+00,1.10959080011525657027e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,2,'coarse','{"n_neighbors":1}','search',0,0,1.0,2126613973,NULL,1.73045478826902932034e+00,1.57410389983851928263e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,3,'coarse','{"n_neighbors":4}','search',0,0,1.0,2126613973,NULL,1.47846448028805266261e+00,7.49135899968678131699e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,4,'coarse','{"n_neighbors":6}','search',0,0,1.0,2126613973,NULL,1.40278535969573936448e+00,1.0017878998041851446e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,5,'coarse','{"n_neighbors":26}','search',0,0,1.0,2126613973,NULL,1.35788140550010316687e+00,2.29992199820117093622e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,6,'coarse','{"n_neighbors":16}','search',0,0,1.0,2126613973,NULL,1.30037207485064598699e+00,1.84606579969113226979e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,7,'coarse','{"n_neighbors":7}','search',0,0,1.0,2126613973,NULL,1.42224098103774099222e+00,1.995638001972110942e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,8,'coarse','{"n_neighbors":23}','search',0,0,1.0,2126613973,NULL,1.32110305275008066416e+00,7.73825799842597916722e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,9,'fine','{"n_neighbors":2}','search',0,0,1.0,1323153857,NULL,1.53662149716037510494e+00,1.53111489998991601169e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,10,'fine','{"n_neighbors":5}','search',0,0,1.0,1323153857,NULL,1.43670614866024748401e+00,1.99988399981521070003e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,11,'fine','{"n_neighbors":33}','search',0,0,1.0,1323153857,NULL,1.35781732812844047053e+00,1.80873919998703058809e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,12,'fine','{"n_neighbors":14}','search',0,0,1.0,1323153857,NULL,1.31213162345822031973e+00,2.76965300145093351602e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,13,'fine','{"n_neighbors":8}','search',0,0,1.0,1323153857,NULL,1.40263494310960767919e+00,1.03648780022922437638e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,14,'fine','{"n_neighbors":15}','search',0,0,1.0,1323153857,NULL,1.32019424945965568873e+00,1.86474300062400288879e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,15,'resplit','{"n_neighbors":2}','search',1,0,1.0,1893601903,NULL,1.72399650108964341832e+00,2.30579100025352090597e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,16,'resplit','{"n_neighbors":16}','search',1,0,1.0,1893601903,NULL,1.3448953802416572234e+00,1.53865499996754806488e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,17,'resplit','{"n_neighbors":14}','search',1,0,1.0,1893601903,NULL,1.34270124897383169582e+00,1.49133339982654433697e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,18,'resplit','{"n_neighbors":15}','search',1,0,1.0,1893601903,NULL,1.3363991175932912192e+00,1.55096039998170454055e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,19,'resplit','{"n_neighbors":23}','search',1,0,1.0,1893601903,NULL,1.32194310899165157202e+00,1.12692570000945124775e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,20,'resplit','{"n_neighbors":33}','search',1,0,1.0,1893601903,NULL,1.36598195262288024665e+00,2.38735300081316381692e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,21,'resplit','{"n_neighbors":26}','search',1,0,1.0,1893601903,NULL,1.30310364623976426834e+00,1.4724232001753989607e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,22,'resplit','{"n_neighbors":2}','search',2,0,1.0,316778835,NULL,1.77220253181553055732e+00,2.85727399750612676143e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,23,'resplit','{"n_neighbors":16}','search',2,0,1.0,316778835,NULL,1.05949454479349980395e+00,1.41661899979226291179e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,24,'resplit','{"n_neighbors":14}','search',2,0,1.0,316778835,NULL,1.07642355766480912748e+00,1.70874899777118116617e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,25,'resplit','{"n_neighbors":15}','search',2,0,1.0,316778835,NULL,1.05811571993124964308e+00,1.41421539992734324187e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,26,'resplit','{"n_neighbors":23}','search',2,0,1.0,316778835,NULL,1.06209635068993679674e+00,1.77934499879484064877e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,27,'resplit','{"n_neighbors":33}','search',2,0,1.0,316778835,NULL,1.08195256694808494835e+00,1.53491049968579318374e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,28,'resplit','{"n_neighbors":26}','search',2,0,1.0,316778835,NULL,1.09137395077976351309e+00,1.03827040002215653657e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,29,'resplit','{"n_neighbors":2}','search',3,0,1.0,460881782,NULL,1.52197159117166136432e+00,1.43212609982583671808e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,30,'resplit','{"n_neighbors":16}','search',3,0,1.0,460881782,NULL,1.12264513442032720647e+00,1.89310499990824609994e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,31,'resplit','{"n_neighbors":14}','search',3,0,1.0,460881782,NULL,1.10401533275923324772e+00,1.43884810022427700459e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,32,'resplit','{"n_neighbors":15}','search',3,0,1.0,460881782,NULL,1.13688277521200720165e+00,2.03848199817002750933e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,33,'resplit','{"n_neighbors":23}','search',3,0,1.0,460881782,NULL,1.20138904150761161027e+00,1.41362950016628019511e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,34,'resplit','{"n_neighbors":33}','search',3,0,1.0,460881782,NULL,1.21610454482781760177e+00,1.7980929987970739603e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,35,'resplit','{"n_neighbors":26}','search',3,0,1.0,460881782,NULL,1.24149317718267515608e+00,1.41708459996152669191e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,36,'canary','{"n_neighbors":2}','search',0,0,1.0,1122378210,NULL,1.53662149716037510494e+00,2.7528579994395840913e-03,NULL,'[]',NULL,NULL,'canary',NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,37,'confirm','{"n_neighbors":2}','confirm',0,0,1.0,1178103908,NULL,1.58704190702757963471e+00,2.42765300208702683448e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,38,'confirm','{"n_neighbors":14}','confirm',0,0,1.0,1178103908,NULL,1.13870665560938122418e+00,2.18563199814525432884e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,39,'confirm','{"n_neighbors":16}','confirm',0,0,1.0,1178103908,NULL,1.14678877519965061182e+00,1.40857490005146246403e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,40,'confirm','{"n_neighbors":2}','confirm',0,1,1.0,1563598016,NULL,1.58071066558515838096e+00,2.43248000333551317453e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,41,'confirm','{"n_neighbors":14}','confirm',0,1,1.0,1563598016,NULL,1.30362313961437537024e+00,1.48029100018902681767e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,42,'confirm','{"n_neighbors":16}','confirm',0,1,1.0,1563598016,NULL,1.33388402448509202358e+00,1.74303099993267096579e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,43,'confirm','{"n_neighbors":2}','confirm',1,0,1.0,1488025249,NULL,1.68284536032173481778e+00,1.91827300295699387788e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,44,'confirm','{"n_neighbors":14}','confirm',1,0,1.0,1488025249,NULL,1.16271606801554328036e+00,0.00597065999681945,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,45,'confirm','{"n_neighbors":16}','confirm',1,0,1.0,1488025249,NULL,1.14607242872546510881e+00,1.69236500005354173481e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,46,'confirm','{"n_neighbors":2}','confirm',1,1,1.0,1089105125,NULL,1.63629350038980581061e+00,1.45834319991990923881e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,47,'confirm','{"n_neighbors":14}','confirm',1,1,1.0,1089105125,NULL,1.27558737792772913799e+00,1.39338420012791175395e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,48,'confirm','{"n_neighbors":16}','confirm',1,1,1.0,1089105125,NULL,1.27727423488348801328e+00,1.97674000082770362496e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,49,'confirm','{"n_neighbors":2}','confirm',2,0,1.0,825809200,NULL,1.82915207908378163459e+00,1.57849450006324332207e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,50,'confirm','{"n_neighbors":14}','confirm',2,0,1.0,825809200,NULL,1.28879766269717377369e+00,2.90696800220757722854e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,51,'confirm','{"n_neighbors":16}','confirm',2,0,1.0,825809200,NULL,1.34792718184916404666e+00,1.04416920003131963312e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,52,'confirm','{"n_neighbors":2}','confirm',2,1,1.0,1060880620,NULL,1.49154056948957713935e+00,1.43806900014169514179e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,53,'confirm','{"n_neighbors":14}','confirm',2,1,1.0,1060880620,NULL,1.01200017998201796665e+00,2.36983699869597330689e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,54,'confirm','{"n_neighbors":16}','confirm',2,1,1.0,1060880620,NULL,9.94376884153323370441e-01,1.49066949998086784034e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,55,'scan','{"n_neighbors":7}','confirm',0,0,1.0,1178103908,NULL,1.14397538144852495278e+00,2.12865749999764375388e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,56,'scan','{"n_neighbors":11}','confirm',0,0,1.0,1178103908,NULL,1.13507691059774673547e+00,3.13587900018319487571e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,57,'scan','{"n_neighbors":17}','confirm',0,0,1.0,1178103908,NULL,1.1390653137856907584e+00,1.57831329997861757874e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,58,'scan','{"n_neighbors":27}','confirm',0,0,1.0,1178103908,NULL,1.12132825839840211123e+00,1.24663230017176829278e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,59,'scan','{"n_neighbors":40}','confirm',0,0,1.0,1178103908,NULL,1.19171875236264845909e+00,0.0864816930006782,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,60,'scan','{"n_neighbors":7}','confirm',0,1,1.0,1563598016,NULL,1.30752969934673,2.48762199771590530872e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,61,'scan','{"n_neighbors":11}','confirm',0,1,1.0,1563598016,NULL,1.33479194287012914443e+00,1.51531829978921450674e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,62,'scan','{"n_neighbors":17}','confirm',0,1,1.0,1563598016,NULL,1.34073846457666712161e+00,1.53763650014298036694e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,63,'scan','{"n_neighbors":27}','confirm',0,1,1.0,1563598016,NULL,1.37160379449268199358e+00,1.10549170021840836852e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,64,'scan','{"n_neighbors":40}','confirm',0,1,1.0,1563598016,NULL,1.44086024802103529474e+00,2.69726500118849799036e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,65,'scan','{"n_neighbors":7}','confirm',1,0,1.0,1488025249,NULL,1.18747546727928399157e+00,1.53775370017683599144e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,66,'scan','{"n_neighbors":11}','confirm',1,0,1.0,1488025249,NULL,1.15394743052849246822e+00,2.70450599782634526491e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,67,'scan','{"n_neighbors":17}','confirm',1,0,1.0,1488025249,NULL,1.14734303240589263772e+00,1.47095409993198700249e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,68,'scan','{"n_neighbors":27}','confirm',1,0,1.0,1488025249,NULL,1.20427654745341450315e+00,1.45112739992327988147e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,69,'scan','{"n_neighbors":40}','confirm',1,0,1.0,1488025249,NULL,1.26648834349802474896e+00,2.55691499842214398086e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,70,'scan','{"n_neighbors":7}','confirm',1,1,1.0,1089105125,NULL,1.34898510470080812417e+00,7.11750099799246527254e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,71,'scan','{"n_neighbors":11}','confirm',1,1,1.0,1089105125,NULL,1.30929148158458086292e+00,2.28152499767020344734e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,72,'scan','{"n_neighbors":17}','confirm',1,1,1.0,1089105125,NULL,1.30035487905915214668e+00,1.49450919998344033956e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,73,'scan','{"n_neighbors":27}','confirm',1,1,1.0,1089105125,NULL,1.35238707630868,1.46332570002414286136e-02,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(1,74,'scan','{"n_neighbors":40}','confirm',1,1,1.0,1089105125,NULL,1.4061722979582866877e+00,2.74759000240010209381e-03,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "trial" VALUES(2,0,'start','{"alpha":0.0001}','confirm',0,0,1.0,275033364,NULL,1.57600745377154161097e+00,5.42490077299953554756e+00,12,'[]',NULL,NULL,'start',NULL,'7b022c4872c9512f57271d3f31b93ed87c4ede824a2f71dad9489ae99848171c',NULL);
INSERT INTO "trial" VALUES(2,1,'turn','{"alpha":0.0001}','confirm',0,0,1.0,535113371,12,1.58433798491382393791e+00,3.56297189973702188581e-02,12,'[]',NULL,NULL,'turn','7b022c4872c9512f57271d3f31b93ed87c4ede824a2f71dad9489ae99848171c','88d130b315e25e207c79baeeadc3d1e55edb1e4ffe3b156b13ba3517b9ff6cd4',NULL);
INSERT INTO "trial" VALUES(2,2,'turn','{"alpha":0.000631}','confirm',0,1,1.0,535113371,12,1.58432995791333297574e+00,1.71052059995417948812e-02,12,'[]',NULL,NULL,'turn','7b022c4872c9512f57271d3f31b93ed87c4ede824a2f71dad9489ae99848171c','67eae28ab70d30a6170d50beed2e7700fc0e260fbeed736972c93ce944ac3fb5',NULL);
CREATE TABLE trial_losses (
	audit_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (audit_id, number), 
	CONSTRAINT fk_trial_losses_trial FOREIGN KEY(audit_id, number) REFERENCES trial (audit_id, number)
);
INSERT INTO "trial_losses" VALUES(1,0,X'780101D0022FFDBA2E4832BA7D1E404DBDDCA933CFEA3FB8048EC9C0531A40FC9F8078FB9FE03FB172FA26E8B06C3F4F744DC41319F33FEDC7395F624CC93F8D475A44FCF2C23FB88BE159C506C73F0F95D24EBDA4E83F4036E25734B0E53F70EDFFAB06A604407718071A4790E53F21992EEB8BB0F13F9062381D5C9FFE3F391F222D8A3BB33F719B687A2412F13F34D1640FA53AC43F089C78ACFC441A40B39FEC8C7863F73F0C81AF4535FEAC3F5613393FA7B2AF3F9269DA6B0763194006D4A0A29B5BD33FF68F3A4C981FE43FD10D0E18A8FEF63FBCCF7D9F4E9E583FAF6E26A2F1FAE43F4785F64DF005793F4AE2C8FA31C1CD3FA6C53232AB711C4031897F646722EA3F4D7496DDC2CD623F4DA2EEB58DF21F4076E95E90821C6A3FEC0A37432C23114069ACF64E94A0FE3F78E24C492736F23F8E2923B085B8F53FC7F3B984F4AA943F3BF1C0CE62D7ED3FEE59C837758E9E3FFB83D4CBBCD11440A3C7E9C3B9DBFE3F0469DE68D094F83F5DC696972F9F0040AA52A5D794DDE03FD27A3438695F1840878FA952802500400C2A501BCF3C943FFE86D32B1F0E004052294325E93D843FE1CE20DF63BF03407ABE772922FCF63FD0396AC3C62DE13F1F6E51934BD41240AB8DB679F249E23F4A06D2CE0F2F0E40A4121A362800C03F404F7CDC8B2DE83FB33B09658657004058174D4AC5B50140EDCE4A765DCDE13FADA3D7995C79CB3FF691AD1DFB5309409101FB92262F973F597DDE7B26181640DDCE6A67B327E63FC443F1C6F479E53FBC2687208F32F43FE852335E0EBFC53FEB38E5F8FA4502407F227D71D6EFE53F33635747E1C0BD3F0B0CA8CDE5F9F43FBD888C1641691640CA456AA35AF2CE3F61E0B79BA531D13F461825D3928BE63EDE6807C7F079D83F9E94B82737C5DE3FD424FD91CF56863FC182AD358536D83F01A67E4EE40BFF3EFBAB613F486FC73F45DFCA05E3AFF83F587332C65204F83F152D4F3126A5B13F418AC0EE9B0EE63F604CD451E7B3E13F17455CBC');
INSERT INTO "trial_losses" VALUES(1,1,X'780101D0022FFDBA2E4832BA7D1E404DBDDCA933CFEA3FB8048EC9C0531A40FC9F8078FB9FE03FB172FA26E8B06C3F4F744DC41319F33FEDC7395F624CC93F8D475A44FCF2C23FB88BE159C506C73F0F95D24EBDA4E83F4036E25734B0E53F70EDFFAB06A604407718071A4790E53F21992EEB8BB0F13F9062381D5C9FFE3F391F222D8A3BB33F719B687A2412F13F34D1640FA53AC43F089C78ACFC441A40B39FEC8C7863F73F0C81AF4535FEAC3F5613393FA7B2AF3F9269DA6B0763194006D4A0A29B5BD33FF68F3A4C981FE43FD10D0E18A8FEF63FBCCF7D9F4E9E583FAF6E26A2F1FAE43F4785F64DF005793F4AE2C8FA31C1CD3FA6C53232AB711C4031897F646722EA3F4D7496DDC2CD623F4DA2EEB58DF21F4076E95E90821C6A3FEC0A37432C23114069ACF64E94A0FE3F78E24C492736F23F8E2923B085B8F53FC7F3B984F4AA943F3BF1C0CE62D7ED3FEE59C837758E9E3FFB83D4CBBCD11440A3C7E9C3B9DBFE3F0469DE68D094F83F5DC696972F9F0040AA52A5D794DDE03FD27A3438695F1840878FA952802500400C2A501BCF3C943FFE86D32B1F0E004052294325E93D843FE1CE20DF63BF03407ABE772922FCF63FD0396AC3C62DE13F1F6E51934BD41240AB8DB679F249E23F4A06D2CE0F2F0E40A4121A362800C03F404F7CDC8B2DE83FB33B09658657004058174D4AC5B50140EDCE4A765DCDE13FADA3D7995C79CB3FF691AD1DFB5309409101FB92262F973F597DDE7B26181640DDCE6A67B327E63FC443F1C6F479E53FBC2687208F32F43FE852335E0EBFC53FEB38E5F8FA4502407F227D71D6EFE53F33635747E1C0BD3F0B0CA8CDE5F9F43FBD888C1641691640CA456AA35AF2CE3F61E0B79BA531D13F461825D3928BE63EDE6807C7F079D83F9E94B82737C5DE3FD424FD91CF56863FC182AD358536D83F01A67E4EE40BFF3EFBAB613F486FC73F45DFCA05E3AFF83F587332C65204F83F152D4F3126A5B13F418AC0EE9B0EE63F604CD451E7B3E13F17455CBC');
INSERT INTO "trial_losses" VALUES(1,2,X'780101D0022FFD5DA972DFE6812B40A1F6AE7FAC90FA3F4FD46502F223204081400D6EDEF2B43FB7A8C333109FAD3F09B5BEC2FD35863F755D539A1399F13F3F81C1C9D152723F79C9C42DBBC5673F6241AD55723DE03F44D497CD5312893FA5EDEC64BBF80540DB41B49C3DA3E73FD72104368C40C03F04EAEFAD660CC73F70890EC5EF329F3FC9638CA95317DF3F8622587914F7F03FAE671C1B9FF21140F226CC490623D83F96BC5D6BE2BCF03F0B927FF8959DD23F06D7B53503B71440DC1170F08725C03F4C426FE180B3673F9251043142B0B03F3295139DA240E23F306D49536BA7B53F37E94EE4C02FCF3FB550B751A1B4923FE9B0C353D7F627400FDEE2F678FCE23FF28F1C393FB6AB3F664BF3D485E32940FBB3CCA4A1BF7E3FB7AC3CDAD68118402CED1DD0F8B40140D1F3411D7586873FDE49657FA0B3F23F2BD03D6473B2DD3F024E7BA115CAFB3F997357283FC1D53F7B9EC52F6D2AF13F4CF4C4545320F63F88227DD00021FF3F05BBAE9F2F8DE53FFB268F99F7AD00405ECA71939F4F2440AAF4A53F0DD60040754A9E15B22CEE3F3E8AF7F62BF8EE3F032C9AA6863DBD3F85318FC8B5691640E1A37AD0E5EFFC3FF7BC76E9F743D83F490DD585A7EC1040F987CE2F2212E33FA76340772BA10B40D5740DE24407F43F6E129C6F1E28F93F0DBC7DBE21C7EE3F6B7FFA62E3A302408269871B802BA83F5BD0F8988F25B73F495CDBB3CB52DB3F497D11AC38520840556060B590F31540813F867EB80DDD3F6D33F8B9FB3DC83F82796DAF38E7D13F67A9CBD1771DE13F227156150DE8E73F54B83599B916823FCA2896CE5E94DC3F60F3E2E4CD37BE3F765B0B7FBD3D224072E627296700D73FE12F889E13FC1040A1C2A930A329913F064FE3E5C401D43F6900D2A8059EAB3F5E7308D3C0AAF53FD4D57AF1B36BE23FE638452A9D86A33F8C7FF96F5E3EDA3F77F91746FCE0F53FBC6D57F95AA4E73F877389EC7D55D13F11335075D2E1C43F5DCBFE8ED686DC3F1CD56480');
INSERT INTO "trial_losses" VALUES(1,3,X'780101D0022FFD65C2729DAB40F73FC5BCF8530A5DDA3F7695FC2362061E401AFCD78798F9E03FAF3845C98AD5E43F404B4FC890D00040361DF20A6654D43F688E9EFD08F1923F0E1E2C804471C13F58A0491DF31AFC3FAF4FAC490003E63F44B563293ACB0640509B0E1DA825E73FBCD41E85EB48F63FAB3C1EE7431D0B40B43CD048B36BF43F78BD855FE50EF03F843A20EBBEB4E83FB483BBA6CCA31E408DF3048941B8D93FAB3F3B29418ABE3F5994F30D323BE03F002428FB55781B4003A108CB7058D53FD18FFB7D35EF9B3F26D5ED6BCE300840DAB09CEBDDE4CE3F6B65E18475A7014090C576183DEEDE3FDB1DBA48CA20C53F86E47270C1C71840447BB6E4027FE43F1289F97C6140B83F922739CB4E21194078646810BFE4F33F11C73603870BF83FEF27EBDF84FFF33FD5540B473980FA3F705E99434136E43FD52B954CD452E13F17D4C323066AEE3F945FDF0F29C9803FF42BC357D197014064F3A6D52E99F13FE544ECE6AAE9FB3F494A18A0E9F80640467A0E40C724F23FF530F232FFD41340F51BA416D755F53FFA5EFF6E0E7FB33F851A03F052FFEE3F8EE2988F099DE43F7D81FB21C55C19408256A6839F6B0440BDF9FD37261ED63FF35CCDE652A80A40867943EF7E06E43FBD89268ADD7D02407C7558BC8410C93FD4EF1374BA5EF93FD1FCE93E5D030A4050EEF7B556C20B40B9FF0A5DCAA3BB3F525212B6C23BDB3FF6B7A882529A0240410E6F415662D53F6541C94C11C3D53FAF2374ED33D5D23FCB9481174D9000407A9590EDEF6CE33F70913DFDB151D13F5DE24955EEE0F73F03DE2C6C0B90D13F0639A73BAE54F13FFF14BDD91AF2FA3FB2204F8E3CDF07408C3DB72D144BA13F6794A7FAA138CA3F9B4C0FDDE6CAC23F8FE91C379CB9D53FC9D2A0D53B0ECC3F8A92CA572623823F15A296812287D73F316A881799A7AF3FF9BCB5B707FED43FA07D738235241340170EC805A325E33F38F808560AF10E3FCD1E8BAEFCE9D83F738754E49EB2CD3FE59C5CCD');
INSERT INTO "trial_losses" VALUES(1,4,X'780101D0022FFDA60BE93FD785FE3F59AFD41D0DA6D03F8E048BE8D40D1E40CAF31BF3A4FDEF3F91415004DE0AEF3F41815D9D717E0E40B18153359E8EDF3F0A998DFAE4BE253F5B3BC9A9DCC3CC3F7B1F7FF7058FF03FC117E9D63CB8E33F371E97C415EE03400BC0D04975A9F13FBF1210FA38A8D53FA98532B9FDCB074021A913F59F02F43FEEDD566CC274E73FFCAAF4CCC7A6FB3F39C599CF48A42640D0161D4B4D36753F05620914218EA13FB6E5D01250D8B63F05255687A98B134053FE6C43553FC63FE77985E01BC68A3F7196605310550D40384623137768D63FFF906E8E600CF73FDAB2247F0010DD3FF4593FDC9C689A3FB8255867A13814404007169E7285E03F17CD2CC04659C63FF24F5512218709405AA49B2F5AA4F33F801BCA74ADEDDD3FF3A30FDDE412E63F1299CA0E93E9E23F86C99D0B6B9FFD3FCC6150895947D53F5139600F92F6D73FC8A9F9C4D289B53FDE752F55583D0140746BF98D0175E13F52A473B16913EB3F0BEF43F31F69014051FF8F1B8C48E43F80F716639FC0174050A1108EDF15E63F773B8610694EB63F471390766697D13F5820BD053806D13F553F1D2ACC7E144022FECC41F5730940021D1668BA14D43FCD4897F96EC01040601CF2DC9DB6DF3FD791B5B9500CFC3FA39FBB2E2A10C53FE45490CA2819F33F151DB40CFF700640108429BC8D181140040F2E3B4CAF943FB199A9A21648E73F03AD128A0DD60E400553C2761939D83FDE6046A2AC4ED33FDC760C57F458DA3FB47294B4D43AFE3FE089D316ADCAE13F3962AD36CAD7D43FD7039FBA70D5E73F3EF0E8E75BAECE3F12113D9CC7EFD43FE98632847374ED3FC1A15A5836590440ED1C3B509249A03F6668F30A6A5EDF3FB6ADE0DE07D9E83F82DCA2A2D046DE3F57CCA7F84E75DC3F384E5973714B7A3F5BEB0680BB46C63F94DF3EEF9EA0D73F94E58BEC2E2EF13F4E1E64961D6713403ADA18FF30E0E63FD14D69199DF8B93F6B4711816531D33FA656CDAAB826E43F54105392');
INSERT INTO "trial_losses" VALUES(1,5,X'780101D0022FFD6CCB571F54D0F53F3C031F99FBFFBC3F226F8B249EF5164044723DFC72D8F33F24F8BD930F13E83F98C7D4861E881140A35BEDCE8DB99D3F3242FEF8FA11C63F1CF34710FA05F53FCE48D58F897FE83F8ADE88EE0A1FF53F3F8D1F90A598F53F87997AF7F779D13F7816BA63B9A2873F64ECF48ABBEE074012F2A47F5FDCC33FE7BB8C08C7AADB3FC03D7051349ED43F69BEAD749E1D1E40B93C19B67766903F24B6DC237B4CF03F017921C01DD9B03F20A6837DC71E0B403313202DD78DAA3FB6231C868B45B73F4CCD1C9DADB9F03F2C0C0BAC6F88C03F62806A7438B306407FF01176BDFB0840F9E4B3244390983FADDA2EADD06918405E15F35E7689DA3F7326D611135FC63F87829D749A7A0E40365640269F53EC3F52FD884FB425AA3FC246E75AB1EB0440D6986341A330DE3FA3250FA2977D00405F8B5AA91DBDD03FECAC8F4A5EA3BE3F086E594299C6D23F1E6D3AC2CCFE09406072F8C514A9EF3F8554DCDAEB57A43FF2A84597BA39FA3FCED9174E8C56C73FD4105365E3F9214098AD9AFB7503E03F2056874181B0AE3FEC5EF1EEAE8D7D3FF89ADB0400E8DE3FD1241FBB77C11440F4E13D9E3A24E43F7471E68E8187A13FBE72176538081140A04D84011A39B83F814E9B4779780240E05B62E3156AE53F6B9E4E6C5424F03F5EAF45672703FC3F1DBBF11D488FFD3F1EC6E34FC948C03F020E49284E0CD53F36AD75E316A7034089E70B46EFF6E63F65FBB999FA83BF3F8FD9B30F2276FF3F7CB87AB3E06A01405BAF847B5F0ABD3F6AF8DCFDA4C5783FAB2A34A25FE913409CF1CE0C8584C13FB13936A2BD93C03F14994C3FC72EF73F45A0553990C5F73F4BC47F4684A3E03FF0B29C3EA371E33F078F71A1535FBF3F380F7A50BAE1C23FD4053E52950BF53FF785EA6C9C49BA3FB6E4D4FE36F5E03F9A1CCFE19DDCB03F5078BC5269BD054046F224838F66124044BA109C6D1DD93F1F7191DB8791E13F7BF3BE759AB5A43F886194696300F13F00875D1C');
INSERT INTO "trial_losses" VALUES(1,6,X'780101D0022FFD0EAE47E140D8FD3FA39D33EE1EAD913FDEECA47A82DC16408F528142168DE43F7315BD0C3C7FF73F293BE3E476430D40AB15969AA662793F574B4335655AAF3FD01B1D320E16EC3F05FC0B3760CBE63F07FD851F7EA0F93FD35F7A3A7BF6F63F9DD16908141DE03F5F10EC8CCD51793FC77E4FA456840640386A4D2916ECD03FA26CCD39B681E23FA990D83EC77CE93F63219CA69D9E20409D7F7DD62E3E803F65148917B5F1DD3F7E44002F30DFCC3FC3FAE49910020A40A47FF8B61BA3903F685CE37945C8953FA0305AB638840640AAB9285B1A3D2E3F2FCE7C3D90840C406D33B3B8FA2B0540C8D5C1B47DCC933F46485147BEE01440EC64AC04AB04E63F22BC59CC1CCEBA3F771ED006C47A1240C02EEE867F92EB3FF87FFD55E803863F576098CEE840FB3FF22297BA3022E43F88E247E38FF10140B633D8A166A2D53FBE9859872407773F2CCB3DC8E8E1D33FD204F47BCE2BFA3FCA9DAD7B7FDEE33F1E78D05789C8B53F728058E45B7C00402C503C405A05E13FB51D397F97771D40FCC40174F433C53F01FE6F138AC3A63F13F84FECC4ADA43F0E1B17982C28D63F26C3C733396911403CFD3948DBD6EA3FCE23541852F3933FDFE41B67E3F41240276E05173717B33F17AE35750E2D0040D4D7C641EDA0CD3F59E47661E325ED3F221FD5F4ADF904409ED14C8519FD0040414BEF708E2AB83F9F83C4D233F8E63FAB4350B30C9C07405870B86F8E11E93F0441BDE7FAE6C33F6D39346DAF42F83F1A881C9D0927F73F16085ED07206C33FEF88D55104A5B73F257062414E890840764F81896476C63F0CB8F402D9F2893F77FF2D3EFCF201408AE8D7C03B86E93FEB96461E288BD83F609667D5A15CF93F6C2441D19167C83F8F463945D1C2C13FAAE977E82A35E63F359E7D1C32A8853FBEE0B57F741ADE3F3E1D7FE3AB84923F9283E4936DB5F73F306DD21F6BE70C40B0F87A53F91DCB3F7ADC572019C5E83F8877514B006AC63F0338458D9F5BF23F1BD05187');
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
