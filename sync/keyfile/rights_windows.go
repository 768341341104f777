package keyfile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The rights of files on Windows. A file is private when no group may read or change it that
// anybody is in who comes to the machine; accounts that its access list names were meant.
// Whoever cannot be asked (a file system without access lists) counts as open.

// What to run on a file, or a folder, that others may read.
const (
	fileFix   = `icacls FILE /inheritance:r /grant *S-1-5-18:F *S-1-5-32-544:F ACCOUNT:F`
	folderFix = `icacls FOLDER /inheritance:r /grant *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F ACCOUNT:(OI)(CI)F`
)

// crowds are the groups that anybody is in: everyone, guests, those who have signed in, by a
// keyboard or over the network, and every app.
var crowds = []string{"S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7", "S-1-5-11", "S-1-5-32-545", "S-1-5-32-546", "S-1-15-2-1", "S-1-15-2-2"}

// ofDomains are the ends of a domain's groups that anybody is in: users, guests, computers.
var ofDomains = []string{"-513", "-514", "-515"}

// use are the rights to do something with what is in a file or folder, or to take such rights.
const use = windows.FILE_READ_DATA | windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE |
	windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_READ | windows.GENERIC_WRITE | windows.GENERIC_ALL

// wide reports whether a crowd may use a file.
func wide(path string, _ fs.FileInfo, _ fs.FileMode) bool {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return true
	}
	list, _, err := sd.DACL()
	if err != nil || list == nil { // no list: no limits
		return true
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(list, i, &ace) != nil {
			return true
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
			continue
		}
		if ace.Mask&use != 0 && crowd((*windows.SID)(unsafe.Pointer(&ace.SidStart)).String()) {
			return true
		}
	}
	return false
}

func crowd(sid string) bool {
	return slices.Contains(crowds, sid) ||
		strings.HasPrefix(sid, "S-1-5-21-") && slices.ContainsFunc(ofDomains, func(end string) bool { return strings.HasSuffix(sid, end) })
}

func saysOpen(fs.FileMode) string { return "its access list has a group that anybody is in" }

// tighten leaves a file or folder to the system, administrators, and who runs this.
func tighten(path string, _ fs.FileMode) error {
	us, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	return leave(path, grant(us.User.Sid, windows.GENERIC_ALL))
}

// Open reports whether a group that anybody is in may use a folder.
func Open(dir string) bool { return wide(dir, nil, FolderMode) }

// Leave leaves a folder, and what is in it, to the system, administrators and an account, who
// may change what is there or only read it. Without an account it is left to the others.
func Leave(dir, account string, change bool) error {
	if account == "" {
		return leave(dir)
	}
	sid, _, _, err := windows.LookupSID("", strings.TrimPrefix(account, `.\`))
	if err != nil {
		return fmt.Errorf("the account %q is not known on this machine: make it first (%w)", account, err)
	}
	may := windows.ACCESS_MASK(windows.GENERIC_READ | windows.GENERIC_EXECUTE)
	if change {
		may = windows.GENERIC_ALL
	}
	return leave(dir, grant(sid, may))
}

// leave sets the access list of a file or folder, which inherits nothing any more.
func leave(path string, to ...windows.EXPLICIT_ACCESS) error {
	system, err := windows.CreateWellKnownSid(windows.WinLocalSystemSid)
	admins, err2 := windows.CreateWellKnownSid(windows.WinBuiltinAdministratorsSid)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	list, err := windows.ACLFromEntries(append(to, grant(system, windows.GENERIC_ALL), grant(admins, windows.GENERIC_ALL)), nil)
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// grant is a line of an access list, also for what is in a folder.
func grant(to *windows.SID, may windows.ACCESS_MASK) windows.EXPLICIT_ACCESS {
	return windows.EXPLICIT_ACCESS{
		AccessPermissions: may, AccessMode: windows.GRANT_ACCESS, Inheritance: windows.SUB_CONTAINERS_AND_OBJECTS_INHERIT,
		Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_UNKNOWN, TrusteeValue: windows.TrusteeValueFromSID(to)},
	}
}
