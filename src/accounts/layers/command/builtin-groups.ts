// Groups that Windows brings along, by the names they have on its editions in several languages, with their SIDs.

/**
 * Names by the last part of S-1-5-32-x. English: Microsoft Learn, "Security identifiers" (2025). Others: the names that setup gives on the editions in German, French,
 * Spanish, Portuguese, Italian, Polish, Finnish, Swedish, Danish, Norwegian, Hungarian and Russian, as administrators' documentation shows them; Japanese, Chinese and
 * Korean editions have the English ones. Only names that mean one group in every language.
 */
const NAMES: Readonly<Record<number, readonly string[]>> = {
  544: [
    'Administrators',
    'Administratoren',
    'Administrateurs',
    'Administradores',
    'Amministratori',
    'Administratorzy',
    'Järjestelmänvalvojat',
    'Administratörer',
    'Administratorer',
    'Rendszergazdák',
    'Администраторы',
  ],
  545: [
    'Users',
    'Benutzer',
    'Utilisateurs',
    'Usuarios',
    'Usuários',
    'Użytkownicy',
    'Käyttäjät',
    'Användare',
    'Felhasználók',
    'Пользователи',
  ],
  546: ['Guests', 'Gäste', 'Invités', 'Invitados', 'Convidados', 'Goście', 'Vieraat', 'Gäster', 'Vendégek', 'Гости'],
  547: ['Power Users', 'Hauptbenutzer', 'Utilisateurs avec pouvoir', 'Usuarios avanzados', 'Опытные пользователи'],
  548: ['Account Operators'],
  549: ['Server Operators'],
  550: ['Print Operators'],
  551: [
    'Backup Operators',
    'Sicherungs-Operatoren',
    'Opérateurs de sauvegarde',
    'Operadores de copia de seguridad',
    'Operatorzy kopii zapasowych',
    'Операторы архива',
  ],
  552: ['Replicator'],
  554: ['Pre-Windows 2000 Compatible Access'],
  555: [
    'Remote Desktop Users',
    'Remotedesktopbenutzer',
    'Utilisateurs du Bureau à distance',
    'Usuarios de escritorio remoto',
    'Użytkownicy pulpitu zdalnego',
    'Пользователи удаленного рабочего стола',
  ],
  556: ['Network Configuration Operators'],
  557: ['Incoming Forest Trust Builders'],
  558: ['Performance Monitor Users'],
  559: ['Performance Log Users'],
  560: ['Windows Authorization Access Group'],
  561: ['Terminal Server License Servers'],
  562: ['Distributed COM Users'],
  568: ['IIS_IUSRS'],
  569: ['Cryptographic Operators'],
  573: ['Event Log Readers', 'Ereignisprotokollleser'],
  574: ['Certificate Service DCOM Access'],
  575: ['RDS Remote Access Servers'],
  576: ['RDS Endpoint Servers'],
  577: ['RDS Management Servers'],
  578: ['Hyper-V Administrators', 'Hyper-V-Administratoren'],
  579: ['Access Control Assistance Operators'],
  580: ['Remote Management Users', 'Remoteverwaltungsbenutzer'],
  581: ['System Managed Accounts Group'],
  582: ['Storage Replica Administrators'],
  583: ['Device Owners'],
};

const RIDS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([rid, names]) => names.map((name): [string, string] => [keyOf(name), rid])),
);

/** Composed and decomposed letters are the same name. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** S-1-5-32-544 of "Administratoren"; undefined of a name that is none of these. */
export function builtinGroupSid(name: string): string | undefined {
  const rid = name.length <= 64 ? RIDS.get(keyOf(name)) : undefined;
  return rid === undefined ? undefined : `S-1-5-32-${rid}`;
}
