-- What questions about all plans are answered from: what each plan says.
CREATE TABLE plan (plan TEXT PRIMARY KEY, area TEXT, level TEXT, path TEXT, own INTEGER,
  first INTEGER, last INTEGER, issued TEXT, longitude REAL, latitude REAL, sentences INTEGER,
  kind TEXT);
CREATE TABLE indicator (plan TEXT, iri TEXT, name TEXT, same TEXT, quantity TEXT, number INTEGER,
  category TEXT, binding INTEGER, baseline TEXT, target TEXT, value REAL, measure TEXT,
  passage TEXT, sentence TEXT);
CREATE TABLE institution (plan TEXT, iri TEXT, name TEXT, same TEXT, type TEXT, key TEXT,
  measures INTEGER);
CREATE TABLE counted_on (plan TEXT, institution TEXT, measure TEXT, title TEXT, passage TEXT,
  sentence TEXT);
CREATE TABLE zone (plan TEXT, iri TEXT, name TEXT, same TEXT, type TEXT, key TEXT,
  measures INTEGER);
CREATE TABLE located_in (plan TEXT, zone TEXT, measure TEXT, title TEXT, passage TEXT,
  sentence TEXT);
CREATE TABLE wording (number INTEGER, plan TEXT, passage TEXT, start INTEGER, chapter TEXT,
  text TEXT, alike REAL);
CREATE TABLE held (plan TEXT PRIMARY KEY, key TEXT);
