package importsweb

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// runPage is an import under way.
type runPage struct {
	Import imports.Import
	Now    clock.Instant
}

func (p *Pages) showRunning(w http.ResponseWriter, r *http.Request, i imports.Import) error {
	return web.Page(w, r, importPage(r.Context(), i), runBody(runPage{i, clock.InstantOf(p.clock.Now())}))
}

// showProgress is the part of the page that is fetched again and again; when
// the import has ended it leads to what came of it.
func (p *Pages) showProgress(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	if i.State != imports.Queued && i.State != imports.Running || !web.IsFragment(r) {
		return web.Redirect(w, r, pathOf(i.ID, ""))
	}
	return web.Render(w, r, progress(runPage{i, clock.InstantOf(p.clock.Now())}))
}

// left says how long it may still take, once that can be told.
func (p runPage) left(ctx context.Context) string {
	i := p.Import
	if i.StartedAt == 0 || i.DoneBytes <= 0 || i.TotalBytes <= 0 || i.Position == 0 {
		return ""
	}
	took := time.Duration(p.Now-i.StartedAt) * time.Microsecond
	if took < 2*time.Second {
		return ""
	}
	left := time.Duration(float64(took) / float64(i.DoneBytes) * float64(i.TotalBytes-i.DoneBytes))
	if left < time.Minute {
		return i18n.T(ctx, "imports.run.seconds-left", "Count", int(left/time.Second)+1)
	}
	return i18n.T(ctx, "imports.run.minutes-left", "Count", int(left/time.Minute)+1)
}

// orphan tells that nothing works on the import: the command that ran it was
// ended.
func (p runPage) orphan() bool { return p.Import.JobID == 0 }

// start has a draft run, or one that was tried.
func (p *Pages) start(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	i, err := p.find(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if _, err = p.imports.Start(ctx, i.ID, in.Flag("dry")); err == nil {
		return web.Redirect(w, r, pathOf(i.ID, ""))
	}
	t, told := troubleOf(ctx, err)
	if !told || i.State != imports.Draft {
		return err
	}
	return p.renderPreview(w, r, previewPage{Import: i, trouble: t})
}

func (p *Pages) cancel(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	if err := p.imports.Cancel(r.Context(), i.ID); err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(i.ID, ""))
}

func (p *Pages) resume(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	if _, err := p.imports.Resume(r.Context(), i.ID); err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(i.ID, ""))
}

// remove throws a draft away.
func (p *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := p.imports.RemoveDraft(ctx, i.ID); err != nil {
		return err
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, "imports.page.discarded", "File", i.FileName)})
	return web.Redirect(w, r, Path)
}

// resultPage is what came of an import.
type resultPage struct {
	Import   imports.Import
	Rejected []imports.Outcome // the first of them
	List     string            // address of what it has made; empty: none is known
}

// resultRows is how many rows the page shows of each kind.
const resultRows = 20

func (p *Pages) showResult(w http.ResponseWriter, r *http.Request, i imports.Import) (err error) {
	ctx := r.Context()
	v := resultPage{Import: i}
	if i.Rejected > 0 {
		if v.Rejected, err = p.imports.ListRows(ctx, i.ID, imports.Rejected, 0, resultRows); err != nil {
			return err
		}
	}
	if list := p.lists[i.Kind]; list != nil && !i.DryRun && i.Created > 0 {
		v.List = list(i)
	}
	return web.Page(w, r, importPage(ctx, i), resultBody(v))
}

// rejects hands out the rows that were kept out.
func (p *Pages) rejects(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	ctx, f := r.Context(), format(r)
	name := i18n.T(ctx, "imports.result.rejects-name", "File", baseName(i.FileName))
	answer := &download{w: w, name: name, format: f}
	return answer.sent(p.imports.WriteRejects(ctx, i.ID, answer, f))
}

// reasonID is the id of a cell's n-th problem.
func reasonID(cell string, n int) string {
	if cell == "" {
		return ""
	}
	return fmt.Sprintf("why-%s-%d", cell, n)
}
