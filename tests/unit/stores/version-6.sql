-- A store of version 6, as `sqlite3 referat.db .dump` writes it: minutes in pieces, each a document of its own. Never
-- changed: stores like it are out there (tests/unit/test_store_sqlite.c).
PRAGMA application_id = 1380340564;
PRAGMA user_version = 6;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE documents(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO documents VALUES(1,'qzcheg3lvkm6');
INSERT INTO documents VALUES(2,'cqv6ettbegwc');
INSERT INTO documents VALUES(3,'gs5owmdvmfel');
CREATE TABLE sources(
  key TEXT PRIMARY KEY,
  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sources VALUES('source.folder:a.txt',1);
INSERT INTO sources VALUES('source.folder:b.txt',2);
INSERT INTO sources VALUES('source.folder:c.txt',3);
CREATE TABLE subjects(
  key TEXT PRIMARY KEY,
  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO subjects VALUES('byggnadsnamnden/2024-03-12/minutes/1/20',1);
INSERT INTO subjects VALUES('byggnadsnamnden/2024-03-12/minutes/1/21-22',2);
INSERT INTO subjects VALUES('byggnadsnamnden/2024-04-09/minutes/1/30-31',3);
CREATE TABLE revisions(
  document INTEGER NOT NULL, number INTEGER NOT NULL,
  major INTEGER NOT NULL, quiet INTEGER NOT NULL,
  source_key TEXT, name TEXT, digest BLOB NOT NULL, received_us INTEGER NOT NULL,
  PRIMARY KEY(document, number)) STRICT, WITHOUT ROWID;
INSERT INTO revisions VALUES(1,1,0,0,'source.folder:a.txt','a.txt',X'81f24509328b1689950ebdaebbb0215e71538cced99b07cd8fee9917f374319e',1795980057471708);
INSERT INTO revisions VALUES(2,1,0,0,'source.folder:b.txt','b.txt',X'6b963180d6e03faa33a063251cdb2defd1f3a454c89538d4875ab249771db4f6',1795980057475457);
INSERT INTO revisions VALUES(3,1,0,0,'source.folder:c.txt','c.txt',X'248180870387e94dfa09b4c42bea21fb895948f30587ace8c7f1988d57c2d77f',1795980057477880);
CREATE TABLE attributes(
  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(document, revision, name)) STRICT, WITHOUT ROWID;
INSERT INTO attributes VALUES(1,1,'board','Byggnadsnämnden');
INSERT INTO attributes VALUES(1,1,'board_id','byggnadsnamnden');
INSERT INTO attributes VALUES(1,1,'day','2024-03-12');
INSERT INTO attributes VALUES(1,1,'kind','minutes');
INSERT INTO attributes VALUES(1,1,'mail_subject','Byggnadsnämnden – aktuella beslut 12 mars 2024, § 20');
INSERT INTO attributes VALUES(1,1,'name','a.txt');
INSERT INTO attributes VALUES(1,1,'paragraphs','20');
INSERT INTO attributes VALUES(1,1,'title','Sammanträdesprotokoll');
INSERT INTO attributes VALUES(2,1,'board','Byggnadsnämnden');
INSERT INTO attributes VALUES(2,1,'board_id','byggnadsnamnden');
INSERT INTO attributes VALUES(2,1,'day','2024-03-12');
INSERT INTO attributes VALUES(2,1,'kind','minutes');
INSERT INTO attributes VALUES(2,1,'mail_subject','Byggnadsnämnden – aktuella beslut 12 mars 2024, §§ 21–22');
INSERT INTO attributes VALUES(2,1,'name','b.txt');
INSERT INTO attributes VALUES(2,1,'paragraphs','21-22');
INSERT INTO attributes VALUES(2,1,'title','Sammanträdesprotokoll');
INSERT INTO attributes VALUES(3,1,'board','Byggnadsnämnden');
INSERT INTO attributes VALUES(3,1,'board_id','byggnadsnamnden');
INSERT INTO attributes VALUES(3,1,'day','2024-04-09');
INSERT INTO attributes VALUES(3,1,'kind','minutes');
INSERT INTO attributes VALUES(3,1,'mail_subject','Byggnadsnämnden – aktuella beslut 9 april 2024, §§ 30–31');
INSERT INTO attributes VALUES(3,1,'name','c.txt');
INSERT INTO attributes VALUES(3,1,'paragraphs','30-31');
INSERT INTO attributes VALUES(3,1,'title','Sammanträdesprotokoll');
CREATE TABLE parts(
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,
  type TEXT, digest BLOB NOT NULL, size INTEGER NOT NULL,
  blob TEXT, data BLOB,
  UNIQUE(document, revision, name),
  CHECK((blob IS NULL) <> (data IS NULL))) STRICT;
INSERT INTO parts VALUES(1,1,1,'source','text/plain',X'cd8b7917d3e0e0afe7569320b7bf75037e72e313ffbc338032dc25c3fcf0953a',6,NULL,X'4265736c7574');
INSERT INTO parts VALUES(2,2,1,'source','text/plain',X'cd8b7917d3e0e0afe7569320b7bf75037e72e313ffbc338032dc25c3fcf0953a',6,NULL,X'4265736c7574');
INSERT INTO parts VALUES(3,3,1,'source','text/plain',X'cd8b7917d3e0e0afe7569320b7bf75037e72e313ffbc338032dc25c3fcf0953a',6,NULL,X'4265736c7574');
CREATE TABLE tasks(
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT NOT NULL,
  state INTEGER NOT NULL CHECK(state BETWEEN 1 AND 7),
  due_us INTEGER NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failures INTEGER NOT NULL, crashes INTEGER NOT NULL,
  kills INTEGER NOT NULL, timeouts INTEGER NOT NULL, priority INTEGER NOT NULL,
  code TEXT, reason TEXT, run_us INTEGER NOT NULL DEFAULT 0, toolset INTEGER NOT NULL DEFAULT 0,
  UNIQUE(document, revision, stage)) STRICT;
INSERT INTO tasks VALUES(1,1,1,'ingest',5,0,1795980057471792,1795980057479245,1,0,0,0,0,0,NULL,NULL,0,1);
INSERT INTO tasks VALUES(2,2,1,'ingest',5,0,1795980057475476,1795980057483080,1,0,0,0,0,0,NULL,NULL,3913,1);
INSERT INTO tasks VALUES(3,3,1,'ingest',5,0,1795980057477902,1795980057483756,1,0,0,0,0,0,NULL,NULL,694,1);
INSERT INTO tasks VALUES(13,1,1,'publish/web',5,0,1795980057493103,1795980057567647,1,0,0,0,0,0,NULL,NULL,58350,5);
INSERT INTO tasks VALUES(14,2,1,'publish/web',5,0,1795980057493113,1795980057653874,1,0,0,0,0,0,NULL,NULL,86343,5);
INSERT INTO tasks VALUES(15,3,1,'publish/web',5,0,1795980057493118,1795980057653901,1,0,0,0,0,0,NULL,NULL,86343,5);
CREATE TABLE counts(
  stage TEXT NOT NULL, state INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK(n >= 0),
  PRIMARY KEY(stage, state)) STRICT, WITHOUT ROWID;
INSERT INTO counts VALUES('ingest',5,3);
INSERT INTO counts VALUES('publish/web',5,3);
CREATE TABLE effects(
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  document INTEGER NOT NULL, stage TEXT NOT NULL, state INTEGER NOT NULL,
  intended TEXT, standing TEXT, remote_id TEXT, location TEXT, remote_revision TEXT,
  changed_us INTEGER NOT NULL) STRICT;
INSERT INTO effects VALUES(1,'publish/web:qzcheg3lvkm6',1,'publish/web',2,NULL,'bd4c592c3d2497f2f05a3c9969a708e196e6bb87d67acaa9624a3b0455348b9e','qzcheg3lvkm6','http://localhost:8000/2024/byggnadsnamnden-2024-03-12-protokoll-paragraf-20/',NULL,1795980057567630);
INSERT INTO effects VALUES(2,'publish/web:cqv6ettbegwc',2,'publish/web',2,NULL,'c2b9b7385361213224987ae6fe777874659b359662654b3f2c29d8ce6dbb3f7d','cqv6ettbegwc','http://localhost:8000/2024/byggnadsnamnden-2024-03-12-protokoll-paragraf-21-22/',NULL,1795980057653858);
INSERT INTO effects VALUES(3,'publish/web:gs5owmdvmfel',3,'publish/web',2,NULL,'66468c2e6a0a86c7ed4f31c25c34535bb7b2bd030fae2aebc4cb5eb18ed59e12','gs5owmdvmfel','http://localhost:8000/2024/byggnadsnamnden-2024-04-09-protokoll-paragraf-30-31/',NULL,1795980057653897);
CREATE TABLE events(
  number INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT,
  what TEXT NOT NULL, detail TEXT) STRICT;
INSERT INTO events VALUES(1,1795980057471794,1,1,'ingest','received','a.txt');
INSERT INTO events VALUES(2,1795980057475478,2,1,'ingest','received','b.txt');
INSERT INTO events VALUES(3,1795980057477903,3,1,'ingest','received','c.txt');
CREATE TABLE settings(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('epoch',1);
INSERT INTO settings VALUES('tasks_made',6);
CREATE TABLE toolsets(
  number INTEGER PRIMARY KEY,
  plugins TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE erasures(
  document INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE alerts(
  cause TEXT PRIMARY KEY,
  state INTEGER NOT NULL, since_us INTEGER NOT NULL,
  subject TEXT NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_unfinished ON tasks(state, stage, priority DESC, id) WHERE state <= 4;
CREATE INDEX tasks_due ON tasks(due_us) WHERE state = 2;
CREATE INDEX effects_document ON effects(document);
CREATE INDEX events_document ON events(document);
CREATE INDEX tasks_waiting ON tasks(state, id) WHERE state IN (3, 4);
CREATE INDEX parts_blobs ON parts(blob) WHERE blob IS NOT NULL;
CREATE INDEX revisions_later ON revisions(received_us) WHERE number > 1;
COMMIT;
