package secret

import (
	"strings"
	"unicode"
)

// habits are what people everywhere type when they are asked for a password:
// words, names of the thing itself, and walks over the keyboard. Longer ones
// stand first, so that they are taken out whole.
var habits = []string{
	"abcdefghij", "administrator", "1q2w3e4r5t6y", "qwertyuiop", "йцукенгшщз", "kartoteka", "картотека", "კარტოთეკა",
	"1q2w3e4r", "zaq12wsx", "qazwsxedc", "asdfghjkl", "фывапролд", "qwertzuiop", "password", "passw0rd", "passwort", "iloveyou",
	"football", "baseball", "sunshine", "princess", "superman", "starwars", "trustno1", "whatever", "computer", "internet",
	"changeme", "sekretno", "любимая", "пароль", "парола", "პაროლი", "qazwsx", "qwerty", "asdfgh", "zxcvbn", "abcdef", "йцукен", "фывапр",
	"welcome", "letmein", "monkey", "dragon", "master", "shadow", "michael", "secret", "login", "admin", "hello", "polska",
	"haslo", "hasło", "parola", "kochanie", "sofia", "bulgaria", "levski", "россия", "москва", "natasha", "наташа",
	"tbilisi", "თბილისი", "guest", "test", "user", "pass", "love",
}

// fewHabits is how many of them can make up a whole password; a longer row of
// words is hard enough to guess.
const fewHabits = 2

// leet undoes the disguises everybody knows.
var leet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "0", "o", "$", "s", "5", "s", "!", "i", "1", "i", "7", "t")

// common tells whether a password is what is tried first: one or two habits,
// with digits and signs around them, or nothing but a run of digits.
func common(folded string) bool {
	core := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	return bare(folded) || bare(leet.Replace(core))
}

func bare(s string) bool {
	taken := 0
	for _, habit := range habits {
		if strings.Contains(s, habit) {
			taken++
			s = strings.ReplaceAll(s, habit, " ")
		}
	}
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters == 0 && taken <= fewHabits && (taken > 0 || digits <= 12)
}
