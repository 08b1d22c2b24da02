package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/shared/tracetest"
)

// choosesFolder has the page's next choices of a folder be one of the browser's own storage: a folder like those of a disk, but for the dialog
// that asks for it, which nobody can answer here.
func (p *page) choosesFolder(name string) {
	p.t.Helper()
	p.run(chromedp.Evaluate("self.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('"+name+"', {create: true})", nil))
}

// inFolder are the files of such a folder, by their paths.
func (p *page) inFolder(name string) map[string][]byte {
	p.t.Helper()
	files := map[string][]byte{}
	for path, text := range eval[map[string]string](p, `(async () => {
		const found = {};
		const look = async (folder, path) => {
			for await (const [name, v] of folder.entries()) {
				if (v.kind === "directory") { await look(v, path + name + "/"); continue; }
				const bytes = new Uint8Array(await (await v.getFile()).arrayBuffer());
				found[path + name] = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
			}
		};
		await look(await (await navigator.storage.getDirectory()).getDirectoryHandle("`+name+`", {create: true}), "");
		return found;
	})()`) {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			p.t.Fatal(err)
		}
		files[path] = b
	}
	return files
}

// TestIntoAFolder: a copy that is written into a folder has the files of the archive, which are those of the program; so have packets as they
// are; what is in the folder already stays.
func TestIntoAFolder(t *testing.T) {
	t.Parallel()
	const key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	dir := t.TempDir()
	capture := filepath.Join(filepath.Dir(tracetest.Captures()[0]), "roblox.pcapng") // of several hours
	files := append(sampleFiles(t, dir), capture)
	p := open(t, staticHost(t), desktop)
	p.ready(files...)
	p.fill("anonymize-key", key)

	p.choosesFolder("copy")
	p.click("anonymize-run-folder")
	said := p.outcome("anonymize-result")
	written := p.inFolder("copy")
	if !strings.HasPrefix(said, "Written to the folder copy, "+plural(int64(len(written)), "hour file")+": ") {
		t.Errorf("the page says %q", said)
	}
	zipped := unpacked(t, p.download("anonymize-run"))
	if len(written) != len(zipped) || len(written) < len(files) {
		t.Errorf("%d files in the folder, %d in the archive", len(written), len(zipped))
	}
	for name, b := range zipped {
		if string(written[name]) != string(b) {
			t.Errorf("%s: %d bytes in the folder, %d in the archive", name, len(written[name]), len(b))
		}
	}

	// Once more into the same, which is not empty now.
	p.click("anonymize-run-folder")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText.startsWith('Nothing was written: the folder copy has hour files already')")
	sameInFolder(t, p.inFolder("copy"), written)

	// The packets as they are.
	p.choosesFolder("packets")
	p.click("save-packets-folder")
	if said := p.outcome("save-packets-result"); !strings.Contains(said, "Written to the folder packets") {
		t.Errorf("the page says %q", said)
	}
	as := p.inFolder("packets")
	for _, path := range files[:len(files)-1] {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(as[filepath.Base(path)]) != string(want) {
			t.Errorf("%s has %d bytes in the folder, want %d", filepath.Base(path), len(as[filepath.Base(path)]), len(want))
		}
	}
	if len(as) != len(written) {
		t.Errorf("%d files, want %d", len(as), len(written))
	}
}

// TestFolderKeepsWhatIsThere: where a file cannot be written nothing is left of the others, and what was there stays; neither of what is
// cancelled.
func TestFolderKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.ready(write(t, t.TempDir(), "a.csv", header+someRows))
	p.choosesFolder("mine")
	eval[any](p, `(async () => {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("mine", {create: true});
		const file = await (await folder.getFileHandle("trace-1.csv", {create: true})).createWritable();
		await file.write("mine");
		await file.close();
	})()`)
	p.click("anonymize-run-folder")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText === 'Nothing was written: a.csv: writing trace-1.csv into the folder mine: it is there already.'")
	sameInFolder(t, p.inFolder("mine"), map[string][]byte{"trace-1.csv": []byte("mine")})

	big, _ := bigFile(t, 120<<20)
	p.ready(write(t, t.TempDir(), "1483869600.csv", header+someRows), big) // the first is written when the second begins
	p.choosesFolder("big")
	p.click("anonymize-run-folder")
	p.until("!!document.querySelector('[data-testid=anonymize-run-cancel]')")
	p.click("anonymize-run-cancel")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText === 'Nothing was written: it was cancelled.'")
	sameInFolder(t, p.inFolder("big"), nil)
}

func sameInFolder(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for name, b := range want {
		if string(got[name]) != string(b) {
			t.Errorf("%s has %d bytes, want %d", name, len(got[name]), len(b))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is in the folder", name)
		}
	}
}

// TestHoursInTurns: rows that go from hour to hour, of more hours than are written at a time, are all in the files of their hours, in a folder as
// in an archive, as the program writes them.
func TestHoursInTurns(t *testing.T) {
	t.Parallel()
	const key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	var text strings.Builder
	text.WriteString("frame.time_epoch,frame.len,ip.src,ip.dst\n")
	for i := range 6000 {
		fmt.Fprintf(&text, "%d.%09d,%d,93.184.%d.%d,8.8.4.%d\n", 1483873200+i%20*3600+i/20, i, 60+i%1400, i%7, i%251, i%13)
	}
	file := write(t, t.TempDir(), "office.csv", text.String())
	want := copied(t, "ipcrypt-pfx", key, file)
	if len(want) != 20 {
		t.Fatalf("the program writes %d files", len(want))
	}
	p := open(t, staticHost(t), desktop)
	p.ready(file)
	p.fill("anonymize-key", key)
	sameFiles(t, unpacked(t, p.download("anonymize-run")), want...)
	p.choosesFolder("turns")
	p.click("anonymize-run-folder")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText.startsWith('Written to the folder turns')")
	sameFiles(t, p.inFolder("turns"), want...)
}
