package customersweb

import (
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/web"
)

// dossierRoutes are the addresses of the dossier.
func (p *Pages) dossierRoutes() []web.Route {
	const one = "/customers/{id}"
	return []web.Route{
		web.Get(journalPath, p.showJournal),
		web.Post(journalPath+"/{entry}/undo", p.undoFromJournal),
		web.Get(one, p.showDossier),
		web.Get(one+"/file", p.showSide),
		web.Get(one+"/panels/{panel}", p.showPanel),
		web.Get(one+"/timeline", p.showTimeline),
		web.Get(one+"/choices/{list}", p.showChoices),
		{Method: http.MethodPatch, Path: one + "/fields/{field}", Handler: p.changeField},
		web.Post(one+"/parts/{kind}", p.savePart),
		web.Post(one+"/parts/{kind}/{part}", p.savePart),
		web.Post(one+"/parts/{kind}/{part}/remove", p.removePart),
		web.Post(one+"/notes", p.addNote),
		web.Get(one+"/colleagues", p.showColleagues),
		web.Get(one+"/notes/{note}", p.showNote),
		web.Post(one+"/notes/{note}", p.changeNote),
		web.Get(one+"/notes/{note}/edit", p.editNote),
		web.Get(one+"/notes/{note}/before", p.showEditions),
		web.Post(one+"/notes/{note}/remove", p.removeNote),
		web.Post(one+"/notes/{note}/pin", p.pinNote),
		{Method: http.MethodPost, Path: one + "/files", MaxBody: 10 * customers.MaxFileBytes, Handler: p.attachFiles},
		web.Get(one+"/files/{file}", p.serveFile),
		web.Get(one+"/files/{file}/small", p.serveThumbnail),
		web.Get(one+"/files/{file}/look", p.lookAt),
		web.Post(one+"/files/{file}/remove", p.removeFile),
		web.Post(one+"/state/{verb}", p.changeState),
		web.Post(one+"/undo/{entry}", p.undo),
		web.Get(one+"/card.pdf", p.printCard),
		web.Get(one+"/dossier.pdf", p.printDossier),
		web.Get(one+"/card.vcf", p.sendCards),
		web.Get(one+"/read", p.showReading),
		web.Get(one+"/forms/{form}", p.showForm),
		web.Post(one+"/forms/{form}", p.fillForm),
		web.Get(one+"/filled/{filled}", p.showFilled),
	}
}
