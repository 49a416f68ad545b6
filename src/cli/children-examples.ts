// What `winnow children --help` says behind its options: where modules are looked for, and examples.

export const EXAMPLES = `
Without --modules the modules are looked for beside FILE, then on Windows in System32 (SysWOW64 for a 32-bit FILE).
--symbols takes a single .pdb file too; a .pdb is used where its GUID and age are those that the program or module names.
Of several FILEs, each has those beside it first, then those of --modules that are made for its machine.
--modules, --symbols, --module, --no-module, --with, --services and --to may be given several times.

Examples:
  winnow children C:\\Windows\\System32\\WerFault.exe
  winnow children "C:\\Program Files\\Tool\\tool.exe" --to eql --to defender
  winnow children System32\\WerFault.exe SysWOW64\\WerFault.exe --to sigma --quiet
  winnow children WerFault.exe --modules ./dlls --explain cofire.exe
  winnow children WerFault.exe --modules ./dlls --explain faultrep.dll:0x180019121
  winnow children WerFault.exe --symbols C:\\Symbols --sites
  winnow children WerFault.exe --modules ./dlls --to eql --signer microsoft --min-confidence proven
  winnow children WerFault.exe --modules ./dlls --to sigma --quiet > werfault.yml
  winnow children WerFault.exe --modules ./dlls --to sigma --to eql --write rules -q && winnow test rules
  winnow children C:\\Windows\\System32\\wer.dll --host wermgr.exe --sites
  winnow children svchost.exe --with schedsvc.dll --modules C:\\Windows\\System32
  winnow children svchost.exe --services ./SYSTEM --modules ./dlls --to eql --write rules
  winnow children rundll32.exe --with shell32.dll,Control_RunDLL --modules ./dlls
  winnow children WerFault.exe --modules ./dlls --registry SOFTWARE --registry NTUSER.DAT
  winnow children WerFault.exe --modules ./dlls --watch --to sigma --quiet
  winnow children WerFault.exe --json > werfault.json`;
