// Full paths in Defender XDR's DeviceEvents, whose FolderPath is the folder of the file and in some events its full path.

/** Microsoft's reference: "Folder containing the file that the recorded action was applied to", and the name in FileName. KQL. */
export const FILE_PATH_IN_DEVICE_EVENTS =
  'iff(FolderPath endswith strcat(@"\\", FileName), FolderPath, strcat(FolderPath, @"\\", FileName))';

/** A text out of the JSON beside the columns. KQL. */
export const additionalField = (name: string): string => `tostring(parse_json(AdditionalFields).${name})`;
