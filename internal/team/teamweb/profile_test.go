package teamweb_test

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestProfileIsOnesOwn(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.signedIn("maria@example.com")
		b.post("/profile", url.Values{"name": {""}, "language": {"en"}, "job_title": {"Owner"}}).refused(422).has("Please fill this in", `value="Owner"`)
		b.post("/profile", url.Values{"name": {"Мария"}, "language": {"bg"}, "job_title": {"Owner"}}).at("/profile").has(`lang="bg"`, "Мария")
		b.post("/profile/looks", url.Values{"theme": {"dark"}}).at("/profile").has(`data-theme="dark"`)
		b.post("/profile/looks", url.Values{"density": {"compact"}}).has(`data-theme="dark"`, `data-density="compact"`)
		b.post("/profile/looks", url.Values{"theme": {"purple"}}).refused(422)
	})
}

func TestPasswordChangeSignsOutElsewhere(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b, elsewhere := s.signedIn("maria@example.com"), s.signedIn("maria@example.com")
		b.post("/profile/password", url.Values{"current_password": {"wrong"}, "new_password": {"another seven pears"}}).
			refused(422).has("not your current password").lacks("another seven pears")
		b.post("/profile/password", url.Values{"current_password": {password}, "new_password": {"another seven pears"}}).
			at("/profile").has("Your password is changed")
		elsewhere.get("/profile").at("/sign-in?next=%2Fprofile")
	})
}

func TestSecondFactorIsSetUpAndEnded(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.signedIn("maria@example.com")
		page := b.post("/profile/two-factor", nil).refused(200).has("data:image/png;base64,")
		key := page.between(`id="two-factor-key">`, "<")
		address := html.UnescapeString(page.between(`name="url" value="`, `"`))
		b.post("/profile/two-factor/confirm", url.Values{"code": {"000000"}, "url": {address}}).refused(422).has(key, "data:image/png;base64,")
		codes := b.post("/profile/two-factor/confirm", url.Values{"code": {s.code(key)}, "url": {address}}).refused(200).between(`id="codes">`, "<")
		if n := len(strings.Fields(codes)); n < 8 {
			t.Errorf("%d recovery codes: %q", n, codes)
		}
		b.get("/profile").has("recovery codes left").lacks(strings.Fields(codes)[0])
		b.post("/profile/recovery-codes", url.Values{"password": {"wrong"}}).refused(422)
		b.post("/profile/recovery-codes", url.Values{"password": {password}}).refused(200).lacks(strings.Fields(codes)[0])
		b.post("/profile/two-factor/end", url.Values{"password": {password}}).at("/profile").has("Set up")
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, setting{}, func(s *site) {
		phone := s.browser()
		phone.header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604")
		phone.post("/sign-in", url.Values{"email": {"maria@example.com"}, "password": {password}}).at("/")
		s.clock.Advance(time.Minute)
		b := s.signedIn("maria@example.com")
		page := b.get("/profile").has("This browser", "Safari, iPhone")
		b.post("/profile/sessions/"+page.between(`action="/profile/sessions/`, `"`), nil).at("/profile").lacks("Safari, iPhone")
		phone.get("/profile").at("/sign-in?next=%2Fprofile")

		again := s.signedIn("maria@example.com")
		b.post("/profile/sessions/end-others", nil).at("/profile")
		again.get("/profile").at("/sign-in?next=%2Fprofile")

		s.person("Nino", "nino@example.com", "manager")
		s.signedIn("nino@example.com").post("/profile/sessions/2/end", nil).at("/profile") // not theirs: nothing happens
		b.get("/profile").at("/profile")
	})
}
