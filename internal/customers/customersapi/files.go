package customersapi

import (
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
)

func (o operations) registerFiles(a *api.API) {
	api.Register(a, operation("list-files", http.MethodGet, one+"/files", "List the files of a customer, newest first"), o.files)
	attach := operation("attach-file", http.MethodPost, one+"/files", "Attach a file to a customer")
	attach.Text = "multipart/form-data with one part named file, 50 MB at most. Its type is found from its content."
	attach.MaxBody, attach.Permission = customers.MaxFileBytes+1<<20, "customers.edit"
	api.Register(a, attach, o.attach)
	api.Register(a, operation("read-file", http.MethodGet, one+"/files/{file}/content", "Download the content of a file"), o.content)
	remove := operation("remove-file", http.MethodDelete, one+"/files/{file}", "Take a file off a customer")
	remove.Status = http.StatusNoContent
	api.Register(a, remove, o.removeFile)
}

// File is a document or picture attached to a customer.
type File struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Size      int64  `json:"size" doc:"Bytes."`
	MIME      string `json:"mime"`
	AddedAt   string `json:"added_at" format:"date-time"`
	AddedByID int64  `json:"added_by_id,omitempty"`
}

func file(f customers.File) File {
	return File{f.ID, f.Name, f.Size, f.MIME, api.Moment(f.AddedAt), f.AddedByID}
}

func listOfFiles(all []customers.File) []File {
	out := make([]File, len(all))
	for i, f := range all {
		out[i] = file(f)
	}
	return out
}

func (o operations) files(ctx context.Context, in *ByID) (*struct{ Body api.List[File] }, error) {
	all, err := o.Customers.ListFiles(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body api.List[File] }{api.ListOf(listOfFiles(all), "")}, nil
}

type attachForm struct {
	File huma.FormFile `form:"file" required:"true" contentType:"application/octet-stream"`
}

type attachInput struct {
	ByID
	RawBody huma.MultipartFormFiles[attachForm]
}

type fileOutput struct {
	Location string `header:"Location"`
	Body     File
}

func (o operations) attach(ctx context.Context, in *attachInput) (*fileOutput, error) {
	sent := in.RawBody.Data().File
	defer func() { _ = sent.Close() }()
	f, err := o.Customers.AttachFile(ctx, in.ID, sent.Filename, sent)
	if err != nil {
		return nil, err
	}
	return &fileOutput{Location: part(in.ID, "files", f.ID), Body: file(f)}, nil
}

type fileInput struct {
	ByID
	File int64 `path:"file" minimum:"1"`
}

type contentOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte `contentType:"application/octet-stream"`
}

// content gives a file as a download: never as a page of ours.
func (o operations) content(ctx context.Context, in *fileInput) (*contentOutput, error) {
	f, err := o.Customers.FindFile(ctx, in.ID, in.File)
	if err != nil {
		return nil, err
	}
	content, _, err := o.Customers.OpenFile(ctx, f)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }()
	body, err := io.ReadAll(io.LimitReader(content, customers.MaxFileBytes))
	if err != nil {
		return nil, err
	}
	return &contentOutput{
		ContentType: "application/octet-stream", Body: body,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}),
	}, nil
}

func (o operations) removeFile(ctx context.Context, in *fileInput) (*struct{}, error) {
	return nil, o.Customers.RemoveFile(ctx, in.ID, in.File)
}
