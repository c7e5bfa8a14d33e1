package customersweb

import "kartoteka.dev/internal/platform/web"

// listRoutes are the addresses of the list and of what leads to a dossier.
func (p *Pages) listRoutes() []web.Route {
	return []web.Route{
		web.Get(listPath, p.showList),
		web.Get(conditionPath, p.showCondition),
		web.Post(columnsPath, p.chooseColumns),
		web.Post(viewsPath, p.saveView),
		web.Post(viewsPath+"/{view}/remove", p.removeView),
		web.Post(viewsPath+"/{key}/first", p.openFirst),
		web.Post(bulkPath, p.bulk),
		web.Post(bulkUndoPath, p.undoBulk),
		web.Get(exportPath+"/{format}", p.export),
		web.Get(newPath, p.showNew),
		web.Post(newPath, p.createCustomer),
		web.Post(similarPath, p.showSimilar),
		web.Get(matchesPath, p.matches),
		web.Get(peoplePath, p.peopleMatches),
		web.Get(searchPath, p.search),
	}
}
