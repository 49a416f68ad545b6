// Shortcuts with every part that the reader knows, to read and to change, and a console.
import { blocks, items, storage, writeLink } from '../../fixtures/shortcuts/shell-link-writer.ts';

export const THIS_PC = '20d04fe0-3aea-1069-a2d8-08002b30309d';
export const CONTROL_PANEL = '21ec2020-3aea-1069-a2dd-08002b30309d';
export const APPLICATION_ID = '9f4c2855-9f79-4b39-a8d0-e1d42de1d5f3';

const toFile = [
  items.folder(THIS_PC),
  items.volume('C:\\'),
  items.file('Program Files', { short: 'PROGRA~1', folder: true, version: 8 }),
  items.file('alpha tool.exe', { short: 'ALPHAT~1.EXE' }),
];

export const SMALL_LINKS: Readonly<Record<string, Uint8Array>> = {
  whole: writeLink({
    items: toFile,
    linkInfo: { localPath: 'C:\\Program Files\\alpha tool.exe', label: 'System', wide: true },
    name: 'Alpha',
    relativePath: '..\\alpha tool.exe',
    workingDirectory: 'C:\\Program Files',
    arguments: '/run /quiet',
    iconLocation: '%windir%\\icons.dll',
    times: [133_590_312_000_000_000n, 133_590_312_000_000_001n, 0n],
    blocks: [
      blocks.environment('%ProgramFiles%\\alpha tool.exe'),
      blocks.iconEnvironment('%windir%\\icons.dll'),
      blocks.specialFolder(38, 45),
      blocks.knownFolder('905e63b6-c1bf-494e-b29c-65b732d3d21a', 45),
      blocks.tracker('HARBOUR-1'),
      blocks.console(),
      blocks.shim('WINXPSP3'),
      blocks.properties(storage(APPLICATION_ID, [[5, 'Harbour.Alpha']])),
    ],
  }),
  network: writeLink({
    ansi: true,
    linkInfo: { share: '\\\\quay\\tools', device: 'Z:', suffix: 'beta.exe', wide: true },
    relativePath: '.\\beta.exe',
    arguments: 'one two',
  }),
  controlPanelFile: writeLink({
    items: [items.folder(THIS_PC), items.folder(CONTROL_PANEL), items.controlPanelFile('C:\\Users\\Public\\gamma.cpl')],
  }),
  controlPanelItem: writeLink({
    items: [
      items.folder('26ee0668-a00a-44d7-9371-beb064c98683'),
      items.category(5),
      items.controlPanel('d555645e-d4f8-4c29-a827-d93c859c4f2a'),
    ],
  }),
  advertised: writeLink({
    items: toFile,
    blocks: [blocks.advertised("'xs%-yF1?8Kqd3NH`z(CDelta>M5KDYSUnf(HA*L[xeX)y")],
  }),
  application: writeLink({
    items: [items.folder('4234d49b-0245-4df3-b780-3893943456e1'), items.application('Harbour.Quay_8wekyb3d8bbwe!App')],
  }),
  uri: writeLink({
    items: [items.folder('871c5380-42a0-1069-a2ea-08002b30309d'), items.uri('https://harbour.example/x')],
  }),
  later: writeLink({ items: [items.folder(THIS_PC)], blocks: [blocks.items(toFile)] }),
  share: writeLink({
    items: [
      items.folder('208d2c60-3aea-1069-a2d7-08002b30309d'),
      items.network('\\\\quay\\tools'),
      items.file('epsilon.scr'),
    ],
  }),
};

/** Made here, in the shape of a console with two snap-ins and a task pad. */
export const CONSOLE = `<?xml version="1.0"?>
<MMC_ConsoleFile ConsoleVersion="3.0" ProgramMode="UserSDI">
  <ScopeTree>
    <SnapinCache><Snapin CLSID="{c96401cc-0e17-11d3-885b-00c04f72c717}" AllExtensionsEnabled="true"/></SnapinCache>
    <Nodes><Node ID="1" CLSID="{12345678-1234-1234-1234-123456789ABC}"><Nodes/></Node></Nodes>
  </ScopeTree>
  <ConsoleTaskpads><ConsoleTaskpad ID="1"><Tasks>
    <Task Type="CommandLine" Command="quay.exe"><CommandLine Directory="" Params="/a &amp; /b"/></Task>
    <Task Type="Favorite"/>
  </Tasks></ConsoleTaskpad></ConsoleTaskpads>
  <StringTables><StringTable><Strings>
    <String ID="1" Refs="1">Harbour</String>
    <String ID="2" Refs="1">res://apds.example/page.html?x=1</String>
  </Strings></StringTable></StringTables>
</MMC_ConsoleFile>`;
