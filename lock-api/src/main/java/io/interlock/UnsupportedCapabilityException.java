// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Thrown by a call that needs a capability which the backend's variant does not declare. */
public class UnsupportedCapabilityException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    /** What is missing. */
    private final Capability capability;

    /**
     * A call refused.
     *
     * @param capability what is missing
     * @param call the call that needs it
     */
    public UnsupportedCapabilityException(Capability capability, String call) {
        super(call + " needs " + capability + ", which this backend does not declare; ask for it with "
                + "LockConfig.require(" + capability + ") to learn which variants have it");
        this.capability = capability;
    }

    /** {@return what is missing} */
    public Capability capability() {
        return capability;
    }
}
