package importsweb_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kartoteka.dev/internal/imports"
)

// bomb is a workbook whose only sheet unpacks to a gigabyte.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	for zeros := make([]byte, 1<<20); err == nil && out.Len() < 1<<20; {
		_, err = w.Write(zeros)
	}
	if err = firstOf(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRefusedFilesSayTheWayOut(t *testing.T) {
	each(t, func(s *site) {
		for name, content := range map[string][]byte{
			"empty.csv": nil, "photo.png": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
			"program.xlsx": []byte("MZ\x90\x00\x03\x00\x00\x00"), "cut.xlsx": []byte("PK\x03\x04\x14\x00"),
			"bomb.xlsx": bomb(s.T), "page.xls": []byte("<html><table><tr><td>a</td></tr></table></html>"),
		} {
			a := s.upload(name, content)
			if a.status != http.StatusUnprocessableEntity && a.status != http.StatusRequestEntityTooLarge {
				s.Errorf("%s: status %d", name, a.status)
			}
			a.has(name, "cannot be taken like this", `type="file"`)
		}
		s.do(http.MethodPost, "/imports", strings.NewReader("x=1"), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).
			is(http.StatusUnprocessableEntity).has(`type="file"`)
		s.do(http.MethodPost, "/imports", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nname\nAl"),
			http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}).is(http.StatusUnprocessableEntity).has("did not arrive whole")
		if all, err := s.imports.List(s.as(maria), 0, 10); err != nil || len(all) != 0 {
			s.Errorf("refused files left imports behind: %v %v", all, err)
		}
	})
}

// Broken files of the torture set either come to the columns or are refused
// with words; none fails the page.
func TestTornFiles(t *testing.T) {
	each(t, func(s *site) {
		for _, name := range []string{
			"bad-header-less-fields", "bad-header-more-fields", "bad-header-no-header", "bad-header-wrong-header",
			"bad-missing-quote", "bad-quotes-with-unescaped-quote", "bad-unescaped-quote", "all-empty", "header-no-rows",
		} {
			a := s.upload(name+".csv", s.fixture("csv-torture", "csv", name+".csv"))
			if a.status != http.StatusOK {
				a.is(http.StatusUnprocessableEntity).has("cannot be taken like this")
				continue
			}
			s.post(a.base()+"/columns", url.Values{"to-0": {"name"}}).is(http.StatusOK)
			if p := s.post(a.base()+"/rules", rules("Unknown")); p.status != http.StatusOK && p.status != http.StatusUnprocessableEntity {
				s.Errorf("%s: status %d", name, p.status)
			}
		}
	})
}

func TestHostileTextIsShownAsText(t *testing.T) {
	each(t, func(s *site) {
		evil := `<script>alert(1)</script>`
		a := s.upload(evil+".csv", []byte("name,\""+evil+"\",phone\n"+evil+","+evil+",nonsense"+evil+"\n"))
		a.is(http.StatusOK).lacks("<script>alert")
		s.post(a.base()+"/columns", url.Values{"to-0": {"name"}, "to-1": {"tags"}, "to-2": {"phone"}}).is(http.StatusOK).lacks("<script>alert")
		s.post(a.base()+"/rules", rules(evil)).is(http.StatusOK).lacks("<script>alert").has("&lt;script&gt;")
		s.get("/imports").is(http.StatusOK).lacks("<script>alert")
	})
}

func TestOthersImportsAreNotThere(t *testing.T) {
	each(t, func(s *site) {
		s.actor = nino
		base := s.upload("mine.csv", []byte("name\nAlfa\nBeta\n")).is(http.StatusOK).base()
		s.actor = olga
		s.get("/imports").is(http.StatusOK).lacks("mine.csv")
		for _, path := range []string{"", "?step=rules", "?step=preview", "/progress", "/rejects"} {
			s.get(base+path).is(http.StatusNotFound).lacks("Alfa", "mine.csv")
		}
		for _, part := range []string{"reading", "columns", "rules", "fixes", "start", "cancel", "resume", "remove"} {
			form := url.Values{"undo": {"2.0"}}
			s.post(base+"/"+part, form).is(http.StatusNotFound)
		}
		s.post(base+"/fixes", url.Values{"fix.2.0": {"Gamma"}}).is(http.StatusNotFound)
		s.actor = maria
		s.get(base).is(http.StatusOK).has("mine.csv")
		s.actor = nobody
		for _, path := range []string{"/imports", "/imports/new", "/imports/sample", base} {
			s.get(path).is(http.StatusForbidden)
		}
		s.upload("x.csv", []byte("name\nAlfa\n")).is(http.StatusForbidden)
	})
}

func TestCorrectionsAndRejects(t *testing.T) {
	each(t, func(s *site) {
		base := s.upload("firms.csv", []byte("name;country\nAlfa;Atlantis\nBeta;Mordor\nGamma;Poland\n")).is(http.StatusOK).base()
		s.post(base+"/columns", nil).is(http.StatusOK)
		s.post(base+"/rules", rules("Unknown")).is(http.StatusOK).has("Import 1 row", `name="fix.2.1"`, `value="Atlantis"`)
		s.post(base+"/fixes", url.Values{"fix.2.1": {"Georgia"}, "was.2.1": {"Atlantis"}, "fix.3.1": {"Mordor"}, "was.3.1": {"Mordor"}}).
			is(http.StatusOK).has("Import 2 rows", "1 cell corrected", `value="2.1"`).lacks(`value="3.1"`)
		s.post(base+"/start", nil).is(http.StatusOK)
		s.finished(base).has("Mordor", "rejects?format=csv")
		a := s.get(base + "/rejects?format=csv").is(http.StatusOK).has("Beta,Mordor")
		if got := a.header.Get("Content-Disposition"); !strings.Contains(got, "attachment") {
			s.Errorf("not a download: %q", got)
		}
		if a := s.get(base + "/rejects").is(http.StatusOK); !strings.HasPrefix(a.body, "PK") {
			s.Error("the XLSX is none")
		}
		if all := s.list(); len(all) != 2 || all["Alfa"].Country != "GE" {
			s.Errorf("%+v", all)
		}
		s.post(base+"/fixes", url.Values{"fix.2.1": {"Poland"}}).is(http.StatusConflict)
		s.post(base+"/remove", nil).is(http.StatusConflict)
	})
}

func TestBudgets(t *testing.T) {
	each(t, func(s *site) {
		base := s.upload("firms.csv", []byte("name;country\nAlfa;Poland\n")).is(http.StatusOK).base()
		for path, most := range map[string]int{"/imports": 3, base: 8, base + "?step=rules": 8, base + "?step=preview": 12} {
			if s.get(path).is(http.StatusOK); s.counter.Count() > most {
				s.Errorf("%s: %d statements, at most %d are wanted", path, s.counter.Count(), most)
			}
		}
	})
}

func TestSamples(t *testing.T) {
	each(t, func(s *site) {
		a := s.get("/imports/sample?kind=customers&format=csv").is(http.StatusOK)
		s.upload("sample.csv", []byte(a.body)).is(http.StatusOK).has(`value="contact_name" selected`)
		if a := s.get("/imports/sample?kind=customers&format=" + string(imports.XLSX)).is(http.StatusOK); !strings.HasPrefix(a.body, "PK") {
			s.Error("the XLSX is none")
		}
		s.get("/imports/sample?kind=" + url.QueryEscape(`"><b>`)).is(http.StatusUnprocessableEntity).lacks(`"><b>`)
	})
}
