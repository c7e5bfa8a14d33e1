-- +goose Up
-- The different words of names, of customers and of contacts: what a word that
-- was mistyped, or only a part of one, can have meant. A word may be here
-- twice, because nobody waits for another who adds the same one.
CREATE TABLE customers_lexicon (
  id    {{id}},
  word  {{key}} NOT NULL
);
CREATE INDEX customers_lexicon_word ON customers_lexicon (word);
INSERT INTO customers_lexicon (word)
SELECT DISTINCT word FROM customers_words WHERE kind IN ('name', 'contact') AND length(word) BETWEEN 3 AND 40;
