package customersweb_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"kartoteka.dev/internal/customers/customerstest"
)

func TestFilesAreLookedAtInThePage(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		attach := func(name, content string) string {
			f, err := s.customers.AttachFile(customerstest.System(), c.ID, name, strings.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			return path(c, "/files/"+strconv.FormatInt(f.ID, 10))
		}
		bulgarian, err := charmap.Windows1251.NewEncoder().String("Продукт;Цена\nСирене;12,50\nКашкавал;18,90\n")
		if err != nil {
			t.Fatal(err)
		}
		prices := attach("prices.csv", bulgarian)
		s.fragment(prices+"/look").ok().has("Кашкавал;18,90", "<pre").lacks("<html")
		s.get(prices+"/look").ok().has("<html", "Кашкавал;18,90", "prices.csv")
		markup := attach("letter.txt", "Dear <script>alert(1)</script>")
		s.fragment(markup + "/look").ok().has("&lt;script&gt;").lacks("<script>alert")
		long := attach("long.txt", strings.Repeat("One line of a very long report\n", 8000))
		s.fragment(long + "/look").ok().has("download it to read it").lacks("<pre")
		binary := attach("list.bin", "PK\x03\x04 not to be shown \x00\x01\x02")
		s.fragment(binary+"/look").ok().has("not shown here").lacks("<pre", "<iframe")

		paper := attach("offer.pdf", "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
		s.fragment(paper+"/look").ok().has("<iframe", paper+"?show=1")
		page := s.get(path(c, "")).ok().has(paper+"/look", `data-look="look-`)
		if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src 'self'") {
			t.Errorf("pages show no frames: %s", policy)
		}
		shown := s.get(paper + "?show=1").ok()
		for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN"} {
			if got := shown.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if policy := shown.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("a PDF is sent with %q", policy)
		}
		other := s.add("Another", nil)
		s.fragment(strings.Replace(paper, path(c, ""), path(other, ""), 1) + "/look").is(http.StatusNotFound)
	})
}
