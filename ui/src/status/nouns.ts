// What the nouns of the machine are called in the window.

export const nounLabels: Record<string, string> = {
  volume: "status-noun-volume",
  usb: "status-noun-usb",
  power: "status-noun-power",
  network: "status-noun-network",
  session: "status-noun-session",
  idle: "status-noun-idle",
  display: "status-noun-display",
};
