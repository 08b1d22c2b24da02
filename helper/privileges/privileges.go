// Package privileges gives up what the process may do and does not need, once what needed it is open. What reads packets from strangers
// should not be able to do anything else.
//
// On Linux these are gone for every thread, and cannot be regained:
//
//   - the user: root becomes the user who called sudo, or else the owner of the folder of hour files, or else nobody. A folder that belongs
//     to root, and into which nobody else may write, is handed over to that user, with the hour files in it.
//   - the capabilities: all but CAP_NET_RAW, and that too unless it captures from an interface. It is kept because an interface may go away
//     and come back as another one: opening that needs it, and the alternatives are to go silent or a second process that keeps all rights.
//     With it alone one can read and send packets, nothing else.
//   - new privileges (no_new_privs): no program that it could start has more rights than it has.
//   - the file system (Landlock, where the kernel has it): it may write into the folder of hour files, read what the system says of
//     interfaces, and nothing else; and neither bind nor connect any TCP socket, those that it listens on being open already. (Landlock
//     does not know of MPTCP yet.)
//
// A second process looks which programs have which ports (package programs). Of what it began with it keeps the user that the first one
// becomes, and CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE if it had them: without these it can look at that user's programs only. It reads no
// files but in /proc, and of packets one byte of those that begin a connection, which tells it nothing but that: the kernel has locked the filter
// that says so. It ends with the first.
//
// On other Unix systems root becomes the user who called sudo; an interface that went away can then not be opened again, which is said.
// On Windows nothing changes. Both are untested.
package privileges

// Needs are what the process will still do.
type Needs struct {
	Folder    string // of the hour files: it must be there
	Temporary bool   // the folder is removed at the end
	Capture   bool   // an interface may have to be opened again
}
