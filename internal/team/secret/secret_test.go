package secret_test

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"kartoteka.dev/internal/team/secret"
)

func TestTokensAreLongUniqueAndRecognisable(t *testing.T) {
	form := regexp.MustCompile(`^kt_[0-9A-Za-z]{43}$`)
	seen := map[string]bool{}
	for range 500 {
		token := secret.NewAPIToken()
		if !form.MatchString(token) || seen[token] {
			t.Fatalf("%q", token)
		}
		seen[token] = true
		if link := secret.NewToken(); len(link) != 43 || seen[link] {
			t.Fatalf("%q", link)
		}
	}
}

func TestRecoveryCodesForgiveTyping(t *testing.T) {
	codes := secret.NewRecoveryCodes()
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	form := regexp.MustCompile(`^([a-z2-7]{4}-){3}[a-z2-7]{4}$`)
	for _, c := range codes {
		typed := " " + strings.ToUpper(strings.ReplaceAll(c, "-", " "))
		if !form.MatchString(c) || secret.HashRecovery(typed) != secret.HashRecovery(c) {
			t.Errorf("%q", c)
		}
	}
	if secret.HashRecovery(codes[0]) == secret.HashRecovery(codes[1]) {
		t.Error("two codes are alike")
	}
}

func TestPasswords(t *testing.T) {
	ctx := t.Context()
	h := secret.NewHasher(2)
	stored, err := h.Hash(ctx, "café au lait")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.Hash(ctx, "café au lait")
	if err != nil || again == stored {
		t.Errorf("the same salt twice: %v", err)
	}
	old := "$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
	for _, c := range []struct {
		name, stored, password string
		ok                     bool
	}{
		{"right", stored, "café au lait", true},
		{"right, composed otherwise", stored, "cafe\u0301 au lait", true},
		{"wrong", stored, "cafe au lait", false},
		{"empty", stored, "", false},
		{"none stored", "", "", false},
		{"none stored, zero key", "", "café au lait", false},
		{"unreadable", "$2y$10$abc", "café au lait", false},
		{"cut", stored[:len(stored)-4], "café au lait", false},
		{"empty key", old, "", false},
		{"asks for too much memory", strings.Replace(stored, "m=19456", "m=99999999", 1), "café au lait", false},
	} {
		ok, stale, err := h.Verify(ctx, c.stored, c.password)
		if err != nil || ok != c.ok || stale {
			t.Errorf("%s: %v stale %v, %v", c.name, ok, stale, err)
		}
	}
}

func TestEveryVerificationCostsOneHash(t *testing.T) {
	n := 0
	h := secret.NewHasherWith(1, func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
		n++
		return argon2.IDKey(password, salt, time, memory, threads, keyLen)
	})
	stored, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{stored, "", "rubbish"} {
		n = 0
		if _, _, err := h.Verify(t.Context(), s, "correct horse"); err != nil || n != 1 {
			t.Errorf("%q: %d hashes, %v", s, n, err)
		}
	}
}

func TestWaitingForTheHasherCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var h *secret.Hasher
	var inner error
	h = secret.NewHasherWith(1, func(_, _ []byte, _, _ uint32, _ uint8, keyLen uint32) []byte {
		cancel()
		_, inner = h.Hash(ctx, "the slot is taken")
		return make([]byte, keyLen)
	})
	if _, err := h.Hash(t.Context(), "takes the slot"); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(inner, context.Canceled) {
		t.Errorf("the second hash did not wait: %v", inner)
	}
}

func TestWeigh(t *testing.T) {
	for password, want := range map[string]secret.Weakness{
		"":      secret.TooShort,
		"short": secret.TooShort,
		"ქართული სიტყვა": secret.Acceptable,
		"correct horse":               secret.Acceptable,
		strings.Repeat("abcde", 41):   secret.TooLong,
		"aaaaaaaaaaaa":                secret.TooPlain,
		"1212121212":                  secret.TooPlain,
		"password12":                  secret.TooCommon,
		"P@ssw0rd2026!":               secret.TooCommon,
		"1234567890":                  secret.TooPlain,
		"qwerty-123456":               secret.TooCommon,
		"WelcomeAdmin1":               secret.TooCommon,
		"Пароль123456":                secret.TooCommon,
		"Hasło12345":                  secret.TooCommon,
		"sunshine dragon master love": secret.Acceptable,
		"password for pears":          secret.Acceptable,
		"Nino.Maisuradze":             secret.TooPlain,
		"nino.maisuradze1":            secret.TooPlain,
		"nino.maisuradze likes pears": secret.Acceptable,
	} {
		if got := secret.Weigh(password, "nino.maisuradze", ""); got != want {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
}

func TestCodes(t *testing.T) {
	e, err := secret.NewEnrolment("Rodopi: Cheese/Ltd", "nino@example.com")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 10, 0, time.UTC)
	code, err := secret.CodeAt(e.Key, now)
	if err != nil {
		t.Fatal(err)
	}
	step := now.Unix() / 30
	for _, c := range []struct {
		name string
		code string
		at   time.Time
		ok   bool
	}{
		{"at once", code, now, true},
		{"with a space", code[:3] + " " + code[3:], now, true},
		{"clock behind", code, now.Add(-30 * time.Second), true},
		{"clock ahead", code, now.Add(30 * time.Second), true},
		{"too late", code, now.Add(90 * time.Second), false},
		{"empty", "", now, false},
		{"short", code[:5], now, false},
	} {
		got, ok := secret.MatchCode(e.Key, c.code, c.at)
		if ok != c.ok || ok && got != step {
			t.Errorf("%s: step %d, %v", c.name, got, ok)
		}
	}
	if _, ok := secret.MatchCode("not base32!", code, now); ok {
		t.Error("a broken key accepted a code")
	}
	picture, err := e.QR(200)
	if err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG")) {
		t.Errorf("no picture: %v", err)
	}
}
