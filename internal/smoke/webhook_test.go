package smoke

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/webhooks"
)

var (
	secretShown  = regexp.MustCompile(`id="secret">(whsec_[^<]+)<`)
	webhookShown = regexp.MustCompile(`action="(/settings/webhooks/[0-9]+)/test"`)
)

// TestAProgramIsToldWhatHappens sets a webhook up on its page, tries it, and
// hears of a new customer.
func TestAProgramIsToldWhatHappens(t *testing.T) {
	got := make(chan *http.Request, 10)
	bodies := make(chan string, 10)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- r
		bodies <- string(body)
	}))
	defer shop.Close()
	s := demoSite(t, "--allow-private-webhooks")
	admin := s.signedIn(staff(t, authz.Administrator))

	if a := admin.get("/settings/webhooks/new"); a.status != http.StatusOK || !strings.Contains(a.body, `value="customers.created"`) {
		t.Fatal(a)
	}
	if a := admin.post("/settings/webhooks", url.Values{"url": {"nonsense"}, "role": {"manager"}}); a.status != http.StatusUnprocessableEntity {
		t.Error(a.status)
	}
	made := admin.post("/settings/webhooks", url.Values{"url": {shop.URL}, "role": {"analyst"}, "events": {"customers.created"}, "description": {"Shop"}})
	shown, at := secretShown.FindStringSubmatch(made.body), webhookShown.FindStringSubmatch(made.body)
	if made.status != http.StatusOK || shown == nil || at == nil {
		t.Fatal(made)
	}
	secret := html.UnescapeString(shown[1])
	if a := admin.get(at[1]); a.status != http.StatusOK || strings.Contains(a.body, secret) {
		t.Errorf("the secret is shown again, or the page is not: %d", a.status)
	}

	hear := func() (kind, name string) {
		t.Helper()
		select {
		case r := <-got:
			body := <-bodies
			seconds, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			want, err := webhooks.Sign(secret, r.Header.Get("webhook-id"), time.Unix(seconds, 0), []byte(body))
			if err != nil || r.Header.Get("webhook-signature") != want {
				t.Errorf("%v, %v", r.Header, err)
			}
			var m struct {
				Type string `json:"type"`
				Data struct {
					After struct {
						Name string `json:"name"`
					} `json:"after"`
				} `json:"data"`
			}
			if err := json.Unmarshal([]byte(body), &m); err != nil {
				t.Fatal(err)
			}
			return m.Type, m.Data.After.Name
		case <-time.After(patience):
			t.Fatal("nothing is told")
			return "", ""
		}
	}
	if a := admin.post(at[1]+"/test", nil); a.status != http.StatusSeeOther {
		t.Error(a)
	}
	if kind, _ := hear(); kind != webhooks.TestEvent {
		t.Error(kind)
	}
	p := s.program("administrator")
	if status := p.call(http.MethodPost, "/api/v1/customers", map[string]any{"name": "Belogradchik Tours"}, nil); status != http.StatusCreated {
		t.Fatal(status)
	}
	if kind, name := hear(); kind != "customers.created" || name != "Belogradchik Tours" {
		t.Error(kind, name)
	}
	for deadline := time.Now().Add(patience); !strings.Contains(admin.get(at[1]+"?state=delivered").body, "customers.created"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log does not show what was sent")
		}
	}
	if a := s.signedIn(staff(t, authz.Manager)).get("/settings/webhooks"); a.status != http.StatusForbidden {
		t.Errorf("a manager: %d", a.status)
	}
	if a := admin.post(at[1]+"/remove", nil); a.status != http.StatusSeeOther {
		t.Error(a)
	}
}
