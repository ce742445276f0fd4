// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

/** A worker could not do its work; the run it belongs to has failed, the comparison goes on. */
final class WorkerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String message;

    WorkerFailure(String message) {
        super(message);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
