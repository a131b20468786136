-- A store of version 1 with one document, as `sqlite3 referat.db .dump` writes it. Never changed: stores like it are
-- out there (tests/unit/test_store_sqlite.c).
PRAGMA application_id = 1380340564;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE documents(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO documents VALUES(1,'k3x7wq2m9abc');
CREATE TABLE sources(
  key TEXT PRIMARY KEY,
  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sources VALUES('source.folder:ks/2024-04-17.txt',1);
CREATE TABLE subjects(
  key TEXT PRIMARY KEY,
  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO subjects VALUES('ks/2024-04-17/minutes/1',1);
CREATE TABLE revisions(
  document INTEGER NOT NULL, number INTEGER NOT NULL,
  major INTEGER NOT NULL, quiet INTEGER NOT NULL,
  source_key TEXT, name TEXT, digest BLOB NOT NULL, received_us INTEGER NOT NULL,
  PRIMARY KEY(document, number)) STRICT, WITHOUT ROWID;
INSERT INTO revisions VALUES(1,1,1,0,'source.folder:ks/2024-04-17.txt','2024-04-17.txt',X'cd8b7917d3e0e0afe7569320b7bf75037e72e313ffbc338032dc25c3fcf0953a',1713344400000000);
CREATE TABLE attributes(
  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(document, revision, name)) STRICT, WITHOUT ROWID;
INSERT INTO attributes VALUES(1,1,'board','Kommunstyrelsen');
CREATE TABLE parts(
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,
  type TEXT, digest BLOB NOT NULL, size INTEGER NOT NULL,
  blob TEXT, data BLOB,
  UNIQUE(document, revision, name),
  CHECK((blob IS NULL) <> (data IS NULL))) STRICT;
INSERT INTO parts VALUES(1,1,1,'source','text/plain',X'cd8b7917d3e0e0afe7569320b7bf75037e72e313ffbc338032dc25c3fcf0953a',6,NULL,X'4265736c7574');
CREATE TABLE tasks(
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT NOT NULL,
  state INTEGER NOT NULL CHECK(state BETWEEN 1 AND 7),
  due_us INTEGER NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failures INTEGER NOT NULL, crashes INTEGER NOT NULL,
  kills INTEGER NOT NULL, timeouts INTEGER NOT NULL, priority INTEGER NOT NULL,
  code TEXT, reason TEXT,
  UNIQUE(document, revision, stage)) STRICT;
INSERT INTO tasks VALUES(1,1,1,'ingest',5,0,1713344400000000,1713344401000000,1,0,0,0,0,0,NULL,NULL);
INSERT INTO tasks VALUES(2,1,1,'validate',3,0,1713344400000000,1713344401000000,1,0,0,0,0,0,'finding','Ett personnummer');
CREATE TABLE counts(
  stage TEXT NOT NULL, state INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK(n >= 0),
  PRIMARY KEY(stage, state)) STRICT, WITHOUT ROWID;
INSERT INTO counts VALUES('ingest',5,1);
INSERT INTO counts VALUES('validate',3,1);
CREATE TABLE effects(
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  document INTEGER NOT NULL, stage TEXT NOT NULL, state INTEGER NOT NULL,
  intended TEXT, standing TEXT, remote_id TEXT, location TEXT, remote_revision TEXT,
  changed_us INTEGER NOT NULL) STRICT;
INSERT INTO effects VALUES(1,'publish/web:k3x7wq2m9abc',1,'publish/web',2,NULL,'abc',NULL,'https://exempelby.se/1',NULL,5);
CREATE TABLE events(
  number INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT,
  what TEXT NOT NULL, detail TEXT) STRICT;
INSERT INTO events VALUES(1,1713344400000000,1,1,NULL,'received','2024-04-17.txt');
CREATE TABLE settings(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('epoch',3);
CREATE INDEX tasks_unfinished ON tasks(state, stage, priority DESC, id) WHERE state <= 4;
CREATE INDEX tasks_due ON tasks(due_us) WHERE state = 2;
CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN
  INSERT INTO counts VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tasks_moved AFTER UPDATE OF state ON tasks WHEN old.state <> new.state BEGIN
  UPDATE counts SET n = n - 1 WHERE stage = old.stage AND state = old.state;
  INSERT INTO counts VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE INDEX effects_document ON effects(document);
CREATE INDEX events_document ON events(document);
COMMIT;
