package customersimport

import "testing"

func TestParseCountry(t *testing.T) {
	for text, want := range map[string]string{
		"United States": "US", "USA": "US", "САЩ": "US", "Philippines": "PH", "Kenya": "KE", "Кения": "KE",
		"bg": "BG", "BGR": "BG", "България": "BG", "Болгария": "BG", "ბულგარეთი": "BG", "Bułgaria": "BG",
		"Georgia": "GE", "Грузия": "GE", "საქართველო": "GE", "Gruzja": "GE", "Polska": "PL", "Полша": "PL",
		"UK": "GB", "England": "GB", "Wielka Brytania": "GB", "Holland": "NL", "Czech Republic": "CZ",
		"Atlantis": "", "12": "", "": "", "ZZ": "",
	} {
		if got, _ := parseCountry(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"Philipines": "PH", "Ukrane": "UA", "Germny": "DE", "Switzrland": "CH"} {
		if got, _ := parseCountry(text); got != want {
			t.Errorf("%q is taken for %q, want %q", text, got, want)
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"en": "en", "EN-gb": "en", "Polish": "pl", "polski": "pl", "Грузински": "ka", "ქართული": "ka", "Klingon 9": "",
	} {
		if got, _ := parseLanguage(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestEveryFieldHasNames(t *testing.T) {
	for _, k := range known {
		if len(synonyms().fields[k.name]) == 0 {
			t.Errorf("%s has no synonyms", k.name)
		}
	}
	for name := range synonyms().fields {
		found := false
		for _, k := range known {
			found = found || k.name == name
		}
		if !found {
			t.Errorf("synonyms for %s, which is no field", name)
		}
	}
	for _, word := range append(kinds, channels...) {
		if means(word, word) == "" || len(synonyms().words[word]) == 0 {
			t.Errorf("%s has no meaning", word)
		}
	}
}
