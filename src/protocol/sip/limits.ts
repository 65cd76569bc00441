/** What a SIP message may measure before it is refused; all in bytes unless the name says otherwise. */
export interface SipLimits {
  /** Start line, header section and body together. */
  readonly messageBytes: number;
  /** The start line, or one header field with its folded continuation lines. */
  readonly lineBytes: number;
  /** A header field that holds addresses (From, To, Contact ...): accessors upstream are slow on long ones. */
  readonly addressLineBytes: number;
  readonly headerCount: number;
}

export const DEFAULT_SIP_LIMITS: SipLimits = {
  messageBytes: 64 * 1024,
  lineBytes: 8 * 1024,
  addressLineBytes: 2 * 1024,
  headerCount: 256,
};
