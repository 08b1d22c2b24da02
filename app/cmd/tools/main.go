//go:build js

// Command tools is the page's second web worker, for what only some visitors need: it opens archives and writes anonymised
// copies. It is loaded at the first such wish, so that everybody else's first visit is lighter by it.
//
//	page -> tools                           tools -> page
//	unpack     files                        unpacked  files; refused: names and reasons, in turn
//	anonymize  files, key                   download  files for the user to save, or an error
//	                                        progress  bytes, total, file
package main

import "tracelens/app/internal/browser"

func main() {
	browser.OnMessage(func(m browser.Message) {
		switch m.Kind() {
		case "unpack":
			go func() {
				files, refused := unpack(m.Files("files"))
				browser.Post(browser.NewMessage("unpacked").SetFiles("files", files).SetTexts("refused", refused))
			}()
		case "anonymize":
			go func() {
				files, leftOut, err := anonymize(m.Files("files"), m.Text("key"))
				answer := browser.NewMessage("download").SetFiles("files", files).SetInt("left out", leftOut)
				if err != nil {
					answer.SetText("error", err.Error())
				}
				browser.Post(answer)
			}()
		}
	})
	browser.Post(browser.NewMessage("started"))
	select {} // handlers do the rest
}
